#pragma once

#include <imgui.h>

#include <map>
#include <string>
#include <string_view>

namespace dkv::viz {

// Where the items of the last whole frame are, by name: what lets a script say "click Play". Names are what a person
// reads on the item, or what it stands for ("node n3"). When two have the same name the first one keeps it.
class Places {
 public:
  struct Box {
    ImVec2 min, max;
    ImVec2 centre() const { return {(min.x + max.x) / 2, (min.y + max.y) / 2}; }
    // x, y: 0..1 of the width and height.
    ImVec2 at(float x, float y) const { return {min.x + (max.x - min.x) * x, min.y + (max.y - min.y) * y}; }
  };

  // Called for each item while a frame is made; only the part inside the window's clip rectangle counts, and nothing
  // is recorded of an item that is all outside.
  void put(std::string_view name, ImVec2 min, ImVec2 max);
  // The frame is whole: find() speaks of it from now on.
  void end_frame();

  const Box* find(std::string_view name) const;
  const std::map<std::string, Box, std::less<>>& all() const { return shown_; }

 private:
  std::map<std::string, Box, std::less<>> shown_, next_;
};

}  // namespace dkv::viz
