#pragma once

#include "viz/views/workspace.h"

// The panels, each defined in the file of its name, and actions that several panels offer.
namespace dkv::viz {

extern const PanelEntry kRingPanel, kInspectorPanel, kKeyPanel, kLadderPanel, kClientsPanel, kHintsPanel, kMerklePanel,
    kStoryPanel, kOraclesPanel, kWhyPanel, kBranchesPanel, kTopologyPanel;

// Actions of buttons and of shortcuts.
void cut_off(Workspace& workspace, NodeId node);
void drop_message(Workspace& workspace);
// Writes the shown branch to the file of the panel Branches. Asks before it writes over a file, unless overwrite.
void save_branch(Workspace& workspace, bool overwrite = false);

}  // namespace dkv::viz
