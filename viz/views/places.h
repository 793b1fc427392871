#pragma once

#include <imgui.h>

#include <map>
#include <string>
#include <string_view>

namespace dkv::viz {

// The positions of the items in the last complete frame, by name. So a script can say "click Play". A name is the
// text on the item, or the thing that it shows ("node n3"). If two items have the same name, the first one keeps it.
class Places {
 public:
  struct Box {
    ImVec2 min, max;
    ImVec2 centre() const { return {(min.x + max.x) / 2, (min.y + max.y) / 2}; }
    // x, y: 0..1 of the width and height.
    ImVec2 at(float x, float y) const { return {min.x + (max.x - min.x) * x, min.y + (max.y - min.y) * y}; }
  };

  // Called for each item while a frame is made. Only the part inside the clip rectangle of the window counts; an item
  // that is fully outside is not recorded.
  void put(std::string_view name, ImVec2 min, ImVec2 max);
  // The frame is complete: from now on find() uses it.
  void end_frame();

  const Box* find(std::string_view name) const;
  const std::map<std::string, Box, std::less<>>& all() const { return shown_; }

 private:
  std::map<std::string, Box, std::less<>> shown_, next_;
};

}  // namespace dkv::viz
