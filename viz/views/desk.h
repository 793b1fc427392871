#pragma once

#include <any>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/types.h"
#include "viz/model/session.h"
#include "viz/views/operation_plots.h"
#include "viz/views/panel.h"
#include "viz/views/player.h"
#include "viz/views/story_lines.h"
#include "viz/views/ui.h"

namespace dkv::viz {

// What all panels look at. The moment is the session's.
struct Focus {
  NodeId node = kNoNode;
  Key key;                    // empty: none
  EventNumber event = 0;      // whose causes and effects are lit; 0: none
  std::uint64_t message = 0;  // of a message under way, by Flight::id; 0: none
};

// All that panels share: they read it, and change it through what stands here. No panel knows another one.
struct Desk {
  explicit Desk(sim::Source source, const SessionOptions& options = {}) : session(std::move(source), options) {}
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  Session session;
  Player player;
  Ui ui;
  Focus focus;
  std::string notice;  // one line for the person: what was done, or why not
  bool notice_bad = false;
  std::optional<Panel> wanted_panel;  // comes to the front in the next frame

  // What panels remember of how they are looked at.
  std::array<bool, sim::kLegs> legs_shown{true, true, true, true, true, true, true, true};  // by sim::Leg
  Key merkle_key;                                  // the last key in focus that the panel turned to
  PartitionId merkle_partition = ~PartitionId{0};  // beyond all: the first that differs
  TimeNs ladder_span_ns = 4 * kMillisecond;        // that the ladder shows at once
  std::string story_filter, key_filter;
  bool story_details = false;
  bool focus_search = false;  // the search field takes the keyboard in the next frame
  EventNumber story_shown_at = ~EventNumber{0};
  unsigned story_shown_in = 0;  // which of ImGui's windows
  StoryLines story;
  std::string put_value = "hello", put_key;
  bool put_key_touched = false;
  bool put_blind = false;
  TimeNs clients_span_ns = 0;  // 0: the whole run
  OperationPlots plots;
  std::string save_path;
  // What one panel remembers for itself: one value of each type, made when it is first asked for.
  template <class T>
  T& memory() {
    std::any& value = memories_[std::type_index(typeid(T))];
    if (!value.has_value()) value = T();
    return *std::any_cast<T>(&value);
  }

  const sim::World& world() const { return session.world(); }
  const Theme& colours() const { return ui.colours(); }

  // When the next event of the run will be; the end of time when there is none.
  TimeNs next_at_ns();
  // The last moment that is known, and where the run's time scale ends for those who draw it.
  TimeNs end_ns() const;

  void look_at_node(NodeId node);
  void look_at_key(const Key& key);
  void look_at_message(std::uint64_t message);
  void clear_focus() { focus = Focus(); }
  // Goes to the event, and lights what led to it.
  void go_to(EventNumber event);
  void show(Panel panel) { wanted_panel = panel; }
  void say(std::string words, bool bad = false);
  // Does something to the run, or shows another of its branches, once the frame is drawn: a panel that asks for it may
  // still refer to the world as it is. A notice says what came of a command.
  void command(sim::Command command) { asked_command_ = std::move(command); }
  void switch_to(BranchId branch) { asked_branch_ = branch; }
  // Between frames.
  void carry_out();

 private:
  void carry_out(sim::Command command);

  std::map<std::type_index, std::any> memories_;
  std::optional<sim::Command> asked_command_;
  std::optional<BranchId> asked_branch_;
};

}  // namespace dkv::viz
