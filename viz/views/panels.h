#pragma once

#include "viz/views/desk.h"

// The panels, each defined in the file of its name, and what several of them do.
namespace dkv::viz {

extern const PanelEntry kRingPanel, kInspectorPanel, kKeyPanel, kLadderPanel, kClientsPanel, kHintsPanel, kMerklePanel,
    kStoryPanel, kOraclesPanel, kBranchesPanel, kTopologyPanel;

// What buttons and shortcuts both do.
void cut_off(Desk& desk, NodeId node);
void drop_message(Desk& desk);
void save_branch(Desk& desk);

}  // namespace dkv::viz
