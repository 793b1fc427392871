#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dkv::viz {

// Indices into ImGuiIO::KeysDown. They are GLFW's, so that a window and a script use the same ones. Letters and
// digits are their upper-case ASCII codes.
namespace key {
inline constexpr int kSpace = 32, kEscape = 256, kEnter = 257, kTab = 258, kBackspace = 259, kDelete = 261,
                     kRight = 262, kLeft = 263, kDown = 264, kUp = 265, kPageUp = 266, kPageDown = 267, kHome = 268,
                     kEnd = 269, kF1 = 290;
}

// "Space", "Right", "PageDown", "F1", "a", "7"; empty when no key has that name.
std::optional<int> key_by_name(std::string_view name);

}  // namespace dkv::viz
