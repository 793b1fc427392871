#include "viz/main/window.h"

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>
// Must come after the backends.
#include <GLFW/glfw3.h>

#include <algorithm>
#include <string>

#include "viz/app/keys.h"

namespace dkv::viz {
namespace {

static_assert(key::kSpace == GLFW_KEY_SPACE && key::kEscape == GLFW_KEY_ESCAPE && key::kEnter == GLFW_KEY_ENTER &&
              key::kTab == GLFW_KEY_TAB && key::kBackspace == GLFW_KEY_BACKSPACE && key::kDelete == GLFW_KEY_DELETE &&
              key::kRight == GLFW_KEY_RIGHT && key::kLeft == GLFW_KEY_LEFT && key::kDown == GLFW_KEY_DOWN &&
              key::kUp == GLFW_KEY_UP && key::kPageUp == GLFW_KEY_PAGE_UP && key::kPageDown == GLFW_KEY_PAGE_DOWN &&
              key::kHome == GLFW_KEY_HOME && key::kEnd == GLFW_KEY_END && key::kF1 == GLFW_KEY_F1 &&
              GLFW_KEY_A == 'A' && GLFW_KEY_0 == '0');

std::string last_error;

void keep_error(int, const char* words) {
  last_error = words;
}

class Window {
 public:
  ~Window() {
    if (ready_) {
      ImGui_ImplOpenGL3_Shutdown();
      ImGui_ImplGlfw_Shutdown();
    }
    if (ImGui::GetCurrentContext()) ImGui::DestroyContext();
    if (window_) glfwDestroyWindow(window_);
    glfwTerminate();
  }

  Result<void> open(App& app, const WindowOptions& options) {
    glfwSetErrorCallback(keep_error);
    if (glfwInit() == GLFW_FALSE) return fail("there is no screen for a window (" + last_error + ')');
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    window_ = glfwCreateWindow(options.width, options.height, app.title().c_str(), nullptr, nullptr);
    if (!window_) return fail("cannot open a window with OpenGL 3.2 (" + last_error + ')');
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(1);
    float scale = 1, vertical = 1;
    glfwGetWindowContentScale(window_, &scale, &vertical);
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    app.set_up(*ImGui::GetIO().Fonts, std::clamp(options.scale.value_or(scale), 0.5f, 4.0f));
    ImGui_ImplGlfw_InitForOpenGL(window_, true);
    ImGui_ImplOpenGL3_Init("#version 150");
    ready_ = true;
    return {};
  }

  // Sleeps until there is input, unless the debugger is busy.
  void wait(const App& app, double at_most) {
    // After any input ImGui needs a few frames: for hovering, then for sizes, then for the consequences.
    constexpr int kSettle = 3;
    if (app.restless() || settling_ > 0) {
      glfwPollEvents();
      settling_ = app.restless() ? kSettle : settling_ - 1;
      return;
    }
    // A blinking cursor needs frames, but only while there is one.
    constexpr double kBlink = 0.4, kForever = 3600;
    const double timeout = ImGui::GetIO().WantTextInput ? kBlink : kForever;
    glfwWaitEventsTimeout(std::max(0.001, std::min(timeout, at_most)));
    settling_ = kSettle;
  }

  void frame(App& app) {
    if (app.fonts_stale()) {
      ImGui_ImplOpenGL3_DestroyFontsTexture();
      app.set_up(*ImGui::GetIO().Fonts, app.scale());
      ImGui_ImplOpenGL3_CreateFontsTexture();
    }
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    app.frame(ImGui::GetIO().DeltaTime);
    ImGui::Render();
    app.places().end_frame();
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    glViewport(0, 0, width, height);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window_);
  }

  // True once for each time that the person closes the window.
  bool asked_to_close() {
    if (glfwWindowShouldClose(window_) == GLFW_FALSE) return false;
    glfwSetWindowShouldClose(window_, GLFW_FALSE);
    return true;
  }

 private:
  GLFWwindow* window_ = nullptr;
  bool ready_ = false;
  int settling_ = 3;
};

}  // namespace

Result<void> run_window(App& app, const WindowOptions& options) {
  Window window;
  if (auto opened = window.open(app, options); !opened) return opened;
  const double begun = glfwGetTime();
  constexpr double kForever = 1e9;
  const double end = options.for_seconds > 0 ? options.for_seconds : kForever;
  while (!app.wants_to_quit()) {
    if (window.asked_to_close()) app.ask_to_quit();
    const double left = end - (glfwGetTime() - begun);
    if (left <= 0) break;
    window.wait(app, left);
    window.frame(app);
  }
  return {};
}

}  // namespace dkv::viz
