#include "cli/verdict/chart.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

using Anchor = Picture::Label::Anchor;

constexpr int kWidth = 960, kHeight = 440;
constexpr double kLeft = 64, kRight = 936, kTop = 72, kBottom = 384;
constexpr std::size_t kTitleColumns = 105;
constexpr Picture::Colour kInk{0x22, 0x26, 0x2b}, kFaint{0x8a, 0x93, 0x9c}, kGrid{0xe3, 0xe7, 0xeb},
    kBand{0xb9, 0xd3, 0xee}, kCurve{0x1f, 0x5f, 0xa8}, kAlike{0xc7, 0xa1, 0x4a}, kJump{0xc0, 0x39, 0x2b};

std::string shortened(std::string text) {
  if (text.size() > kTitleColumns) text = text.substr(0, kTitleColumns - 3) + "...";
  return text;
}

class Chart {
 public:
  Chart(const LostRun& run, const Verdict& verdict)
      : run_(run),
        verdict_(verdict),
        end_ns_(std::max<TimeNs>(verdict.moments.empty() ? 1 : verdict.moments.back().at_ns, 1)) {}

  Picture draw() {
    picture_.width = kWidth;
    picture_.height = kHeight;
    picture_.shapes.emplace_back(Picture::Box{{0, 0}, {kWidth, kHeight}, {0xff, 0xff, 0xff}});
    label({kLeft, 20}, shortened(first_failure(run_.result)), Anchor::kBegin, kInk);
    axes();
    bands();
    curves();
    if (!verdict_.rises.empty()) jump(verdict_.rises.front());
    return std::move(picture_);
  }

 private:
  double x_of(TimeNs at_ns) const {
    return kLeft + (kRight - kLeft) * static_cast<double>(at_ns) / static_cast<double>(end_ns_);
  }
  static double y_of(double share) { return kBottom - (kBottom - kTop) * share; }
  void label(Picture::Point at, std::string text, Anchor anchor, const Picture::Colour& colour) {
    picture_.shapes.emplace_back(Picture::Label{at, std::move(text), anchor, colour});
  }
  void line(std::vector<Picture::Point> points, double width, const Picture::Colour& colour) {
    if (points.size() > 1) picture_.shapes.emplace_back(Picture::Line{std::move(points), width, colour});
  }

  void axes() {
    for (int quarter = 0; quarter <= 4; ++quarter) {
      const double share = quarter / 4.0;
      line({{kLeft, y_of(share)}, {kRight, y_of(share)}}, 1, kGrid);
      label({kLeft - 8, y_of(share)}, fmt::format("{:.0f}%", share * 100), Anchor::kEnd, kFaint);
      const auto at_ns = static_cast<TimeNs>(share * static_cast<double>(end_ns_));
      label({x_of(at_ns), kBottom + 18}, clock_time(at_ns), quarter == 4 ? Anchor::kEnd : Anchor::kMiddle, kFaint);
    }
    label({kLeft, kHeight - 14}, "blue: this failure, with 95% intervals", Anchor::kBegin, kCurve);
    if (verdict_.shows_alike) {
      label({kRight, kHeight - 14}, "brown: the same invariant, at any key and time", Anchor::kEnd, kAlike);
    }
  }

  void bands() {
    for (const Verdict::Moment& moment : verdict_.moments) {
      const sim::Interval interval = moment.point.interval();
      const double x = x_of(moment.at_ns);
      picture_.shapes.emplace_back(Picture::Box{{x - 3, y_of(interval.high)}, {x + 3, y_of(interval.low)}, kBand});
    }
  }

  void curves() {
    std::vector<Picture::Point> by, alike;
    for (const Verdict::Moment& moment : verdict_.moments) {
      by.push_back({x_of(moment.at_ns), y_of(moment.point.share())});
      if (moment.alike && verdict_.shows_alike) alike.push_back({x_of(moment.at_ns), y_of(moment.alike->share())});
    }
    line(alike, 1.5, kAlike);
    line(by, 2, kCurve);
    for (const Picture::Point& at : by) {
      picture_.shapes.emplace_back(Picture::Box{{at.x - 2.5, at.y - 2.5}, {at.x + 2.5, at.y + 2.5}, kCurve});
    }
  }

  void jump(const Verdict::Rise& rise) {
    const double x = x_of(rise.after.at_ns);
    line({{x, kTop - 12}, {x, kBottom}}, 1, kJump);
    const std::string text = rise.account ? fmt::format("{}, event {}: {}", clock_time(rise.after.at_ns),
                                                        grouped(rise.after.event), rise.account->what)
                                          : fmt::format("rises until {}", clock_time(rise.after.at_ns));
    label({kLeft, 44}, shortened(text), Anchor::kBegin, kJump);
  }

  const LostRun& run_;
  const Verdict& verdict_;
  TimeNs end_ns_;
  Picture picture_;
};

}  // namespace

Picture chart_of(const LostRun& run, const Verdict& verdict) {
  return Chart(run, verdict).draw();
}

}  // namespace dkv::cli
