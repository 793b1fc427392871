#pragma once

#include "viz/views/desk.h"

// The panels, each defined in the file of its name, and actions that several panels offer.
namespace dkv::viz {

extern const PanelEntry kRingPanel, kInspectorPanel, kKeyPanel, kLadderPanel, kClientsPanel, kHintsPanel, kMerklePanel,
    kStoryPanel, kOraclesPanel, kBranchesPanel, kTopologyPanel;

// Actions of buttons and of shortcuts.
void cut_off(Desk& desk, NodeId node);
void drop_message(Desk& desk);
void save_branch(Desk& desk);

}  // namespace dkv::viz
