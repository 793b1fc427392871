#pragma once

#include <imgui.h>

#include <functional>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "viz/shot/image.h"
#include "viz/views/places.h"

namespace dkv::viz {

// A host without window or GPU: it makes frames, feeds them a mouse and keys, and draws them into images. What a
// person's hand does over several frames (press, move, release) takes as many frames here. Owns the ImGui context; one
// at a time in a process.
class Headless {
 public:
  struct Size {
    int width = 1280, height = 800;  // pixels, 16..16384
  };
  // seconds: what each frame says has passed since the one before.
  explicit Headless(Size size, double seconds = 1.0 / 60);
  ~Headless();
  Headless(const Headless&) = delete;
  Headless& operator=(const Headless&) = delete;

  ImFontAtlas& atlas();
  void resize(Size size);
  // draw: between ImGui's NewFrame and Render. places: where the draw function names its items. Both outlive this host.
  void show(std::function<void()> draw, Places* places);

  void frames(int count = 1);
  // All fail when no item of that name is visible, and say which are.
  Result<void> click(std::string_view name, int button = 0);
  Result<void> double_click(std::string_view name);
  Result<void> hover(std::string_view name);
  // From one place in the item to another, each 0..1 of its width, at half its height.
  Result<void> drag(std::string_view name, float from, float to);
  Result<void> wheel(std::string_view name, float notches);
  // "Space", "Ctrl+S", "Shift+Right".
  Result<void> press(std::string_view keys);
  void type(std::string_view text);  // UTF-8, into what has the keyboard
  void move(ImVec2 to);              // the mouse, and one frame
  void press_button(int button, bool down);

  Image shot();

 private:
  Result<ImVec2> place(std::string_view name, float x = 0.5f, float y = 0.5f) const;

  std::function<void()> draw_;
  Places* places_ = nullptr;
};

}  // namespace dkv::viz
