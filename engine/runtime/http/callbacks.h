#pragma once

#include <functional>

#include "engine/gateway/message.h"
#include "engine/protocol/client.h"

namespace dkv::http {

// Called once, from the loop's thread, now or later.
using Respond = std::function<void(Response&&)>;

// Hands a request to the node, which answers once.
using Ask = std::function<void(ClientRequest&&, std::function<void(ClientReply&&)>)>;

}  // namespace dkv::http
