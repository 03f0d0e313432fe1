#pragma once

#include <string>

#include "common/base/options.h"
#include "services/lab/api/lab_address.h"
#include "services/lab/passport/passport.h"

namespace hailstorm::lab {

/// `hail-lab passport RIDE_ID`, from a data folder and the broker, or from a lab that runs.
///
/// Thread safety: not safe.
class PassportCommand {
 public:
  /// This must remain live until Options::run_command().
  void add_to(Options& options);

 private:
  /// The exit code for main: 1 where nothing knows the ride, 2 where an option is wrong.
  [[nodiscard]] int run() const;
  [[nodiscard]] Result<Passport> read() const;

  std::string ride_id_;
  LabAddress address_;
  std::string data_;
  std::string broker_ = "hailstorm://127.0.0.1:7400";
  bool json_ = false;
  std::string otlp_;
};

}  // namespace hailstorm::lab
