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

// The focus, which all panels share. The moment belongs to the session.
struct Focus {
  NodeId node = kNoNode;
  Key key;                    // empty: none
  EventNumber event = 0;      // its causes and effects are highlighted; 0: none
  std::uint64_t message = 0;  // a message under way, by Flight::id; 0: none
};

// A question to the person. Nothing else takes clicks and keys until it is answered.
struct Question {
  enum class About : std::uint8_t {
    kOverwrite,  // a file exists that the shown branch would be written to
    kQuit,       // there are branches that no file has
  };
  About about = About::kOverwrite;
  std::string words;
  std::string yes;  // on the button that goes ahead
};

// The state that all panels share. They read it, and change it through these functions. No panel knows another one.
struct Workspace {
  explicit Workspace(sim::Source source, const SessionOptions& options = {}) : session(std::move(source), options) {}
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  Session session;
  Player player;
  Ui ui;
  Focus focus;
  std::string notice;  // one line for the person: the effect of an action, or why it failed
  bool notice_bad = false;
  std::optional<Panel> wanted_panel;  // brought forward in the next frame
  bool panel_works = false;           // a panel works in slices, and needs the next frame; each frame begins with false

  // View settings of panels.
  std::array<bool, sim::kLegs> legs_shown{true, true, true, true, true, true, true, true};  // by sim::Leg
  Key merkle_key;                                  // the last key in focus that the Merkle panel has shown
  PartitionId merkle_partition = ~PartitionId{0};  // out of range: the first one that differs
  TimeNs ladder_span_ns = 4 * kMillisecond;        // the time span that the ladder shows
  std::string story_filter, key_filter;
  bool story_details = false;
  bool focus_search = false;  // the search field gets the keyboard focus in the next frame
  EventNumber story_shown_at = ~EventNumber{0};
  std::uint64_t story_shown_version = 0;
  unsigned story_shown_in = 0;  // the id of the ImGui window
  StoryLines story;
  std::string put_value = "hello", put_key;
  bool put_key_touched = false;
  bool put_blind = false;
  TimeNs clients_span_ns = 0;  // 0: the whole run
  OperationPlots plots;
  std::string save_path;
  std::map<BranchId, std::size_t> saved;  // the number of commands of each branch when a file was last written of it
  std::optional<Question> question;
  // State of a single panel: one value of each type, created at its first use.
  template <class T>
  T& memory() {
    std::any& value = memories_[std::type_index(typeid(T))];
    if (!value.has_value()) value = T();
    return *std::any_cast<T>(&value);
  }

  const sim::World& world() const { return session.world(); }
  const Theme& colours() const { return ui.colours(); }

  // The time of the run's next event; the largest time when there is none.
  TimeNs next_at_ns();
  // The last known moment, which is the end of the time scale in drawings.
  TimeNs end_ns() const;

  void look_at_node(NodeId node);
  void look_at_key(const Key& key);
  void look_at_message(std::uint64_t message);
  void clear_focus() { focus = Focus(); }
  // Goes to the event and highlights its causes.
  void go_to(EventNumber event);
  void show(Panel panel) { wanted_panel = panel; }
  void say(std::string words, bool bad = false);
  // The number of branches with commands that no file has.
  std::size_t unsaved() const;
  // Both act after the frame is drawn, because the panel may still refer to the present world. A notice tells the
  // result of a command.
  void command(sim::Command command) { asked_command_ = std::move(command); }
  void switch_to(BranchId branch) { asked_branch_ = branch; }
  // Carries out the two above. Called between frames.
  void carry_out();

 private:
  void carry_out(sim::Command command);

  std::map<std::type_index, std::any> memories_;
  std::optional<sim::Command> asked_command_;
  std::optional<BranchId> asked_branch_;
};

}  // namespace dkv::viz
