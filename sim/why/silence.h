// The reason for which a node's answer is missing from an operation.
#pragma once

#include <cstdint>
#include <string>

#include "sim/why/case.h"

namespace dkv::why {

// How far the conversation of an operation's coordinator and a node had come at a moment.
enum class Silence : std::uint8_t {
  kNone,            // it had answered
  kNotAsked,        // the coordinator believed that it could not be reached
  kAskedElsewhere,  // it was not asked, although nothing said that it could not be reached
  kRequestLost,
  kRequestOnItsWay,
  kDown,      // there was no process when the message arrived
  kHeldBack,  // the process stood still or was slow
  kWorking,   // it had the message, and had not answered yet
  kRefused,   // it answered that it did not store the copy
  kAnswerLost,
  kAnswerOnItsWay,
};

struct Silent {
  Silence how = Silence::kNone;
  Moment when;                       // the event that shows it
  const FaultSpan* fault = nullptr;  // a fault that explains it; null: none that was on does
  bool by_setting = false;           // the network's own latency or loss explains it
  bool by_start = false;             // the coordinator had just started
  std::string text;                  // a sentence

  bool proven() const noexcept {
    return how == Silence::kNone || fault || by_setting || by_start || how == Silence::kWorking;
  }
};

// Why the node's answer had not reached the coordinator at this moment.
Silent silence_of(const Case& about, const Operation& operation, NodeId node, Moment at);
// Adds it to the steps, with its fault.
void tell_silence(const Case& about, const Silent& silent, NodeId node, Steps& steps);
// What may be the cause of an operation that was not done: "a node is down (crash)".
void weigh_silence(const Silent& silent, Steps& steps);
// The same in a few words, for groups of operations: "n3 is down (crash)".
std::string silence_group(const Case& about, const Silent& silent, NodeId node);

}  // namespace dkv::why
