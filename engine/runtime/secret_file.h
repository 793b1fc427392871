#pragma once

#include <filesystem>

#include "engine/core/result.h"
#include "engine/runtime/config.h"
#include "engine/settings/cluster_secret.h"

namespace dkv {

// The file of a secret that this store makes itself, in the folder of a node or of a cluster.
inline constexpr const char* kOwnSecretName = "SECRET";

// Reads a file with a secret. Refuses a file that other users can read or change, and names its mode.
Result<ClusterSecret> read_secret_file(const std::filesystem::path& file);

// Reads the folder's own secret. Makes a random one when there is none: only its owner can read it, and it is durable
// before this returns. The caller has locked the folder.
Result<ClusterSecret> own_secret(const std::filesystem::path& folder);

// The secrets of the configuration. A lone node for which none is named uses its data folder's own one. Fails for a
// node with peers and without a named secret: its peers would refuse its contexts. The data folder is locked.
Result<ClusterSecrets> load_secrets(const ServerConfig& config);

}  // namespace dkv
