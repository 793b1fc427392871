#pragma once

#include "viz/views/desk.h"

// One function a panel; each draws into the current ImGui window and takes the room that is there.
namespace dkv::viz {

void draw_ring(Desk& desk);
void draw_inspector(Desk& desk);
void draw_key(Desk& desk);
void draw_ladder(Desk& desk);
void draw_clients(Desk& desk);
void draw_hints(Desk& desk);
void draw_merkle(Desk& desk);
void draw_story(Desk& desk);
void draw_oracles(Desk& desk);
void draw_branches(Desk& desk);

// What buttons and shortcuts both do.
void cut_off(Desk& desk, NodeId node);
void drop_message(Desk& desk);
void save_branch(Desk& desk);

void draw_panel(Panel panel, Desk& desk);

}  // namespace dkv::viz
