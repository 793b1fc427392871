#pragma once

#include <imgui.h>

#include <functional>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "viz/shot/image.h"
#include "viz/views/places.h"

namespace dkv::viz {

// A host without window or GPU. It makes frames, feeds them mouse and key events, and draws them into images. A
// gesture that takes a person several frames (press, move, release) takes as many frames here. It owns the ImGui
// context, so a process may have only one at a time.
class Headless {
 public:
  struct Size {
    int width = 1280, height = 800;  // pixels, 16..16384
  };
  // seconds: the time that each frame reports since the previous one.
  explicit Headless(Size size, double seconds = 1.0 / 60);
  ~Headless();
  Headless(const Headless&) = delete;
  Headless& operator=(const Headless&) = delete;

  ImFontAtlas& atlas();
  void resize(Size size);
  // draw is called between ImGui's NewFrame and Render. It names its items in places. Both must outlive this host.
  void show(std::function<void()> draw, Places* places);

  void frames(int count = 1);
  // These fail when no item of that name is visible; the error lists the visible ones.
  Result<void> click(std::string_view name, int button = 0);
  Result<void> double_click(std::string_view name);
  Result<void> hover(std::string_view name);
  // Drags within the item at half its height. from and to: 0..1 of its width.
  Result<void> drag(std::string_view name, float from, float to);
  Result<void> wheel(std::string_view name, float notches);
  // "Space", "Ctrl+S", "Shift+Right".
  Result<void> press(std::string_view keys);
  void type(std::string_view text);  // UTF-8, into the item with the keyboard focus
  void move(ImVec2 to);              // moves the mouse and makes one frame
  void press_button(int button, bool down);

  Image shot();

 private:
  Result<ImVec2> place(std::string_view name, float x = 0.5f, float y = 0.5f) const;

  std::function<void()> draw_;
  Places* places_ = nullptr;
};

}  // namespace dkv::viz
