#pragma once

#include "common/base/bytes.h"

/// The fuzz targets: each takes whatever bytes there are and aborts when the code under it breaks
/// its word. libFuzzer drives them in the preset `fuzz`; the corpus test runs them over the kept
/// inputs in every build.
namespace hailstorm::fuzz {

void wire_frames(Bytes input);       // chunks (chunks.h) of a conversation with a live broker core
void record_batch(Bytes input);      // bytes as they come in a fetch or from a segment
void recovery(Bytes input);          // chunks: the files of a partition's folder
void offsets_records(Bytes input);   // chunks: keys and values of __consumer_offsets, in turn
void kafka_messages(Bytes input);    // a frame of Kafka's protocol
void kafka_connection(Bytes input);  // chunks: what Kafka's clients send to a live broker core
void experiment_file(Bytes input);   // a file for hail-lab experiment, YAML or JSON
void csv(Bytes input);               // a file of pickups
void gateway_json(Bytes input);      // a rider's request
void http_request(Bytes input);      // what a connection to an HTTP server sends

struct Target {
  const char* name;
  void (*run)(Bytes);
};
inline constexpr Target kTargets[] = {
    {"wire_frames", wire_frames},
    {"record_batch", record_batch},
    {"recovery", recovery},
    {"offsets_records", offsets_records},
    {"kafka_messages", kafka_messages},
    {"kafka_connection", kafka_connection},
    {"csv", csv},
    {"experiment_file", experiment_file},
    {"gateway_json", gateway_json},
    {"http_request", http_request},
};

}  // namespace hailstorm::fuzz
