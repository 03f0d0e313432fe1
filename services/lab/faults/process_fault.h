#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "services/lab/faults/injection.h"
#include "services/lab/faults/ports.h"
#include "services/lab/faults/process_control.h"

namespace hailstorm::lab {

/// Error bad_request: names the first attribute that is not among `known`.
[[nodiscard]] Status check_attributes(const FaultRequest& request,
                                      const std::vector<std::string>& known);

/// Where a process has its data. Error not_possible: nobody told.
[[nodiscard]] Result<std::filesystem::path> data_folder_of(ProcessControl& processes,
                                                           const std::string& name);

/// What the faults that signal a process share: its name, the holder's name, and its ports as they
/// were before.
class ProcessFault : public Fault {
 public:
  ProcessFault(ProcessControl& processes, const FaultRequest& request)
      : processes_(processes), name_(request.target), holder_(request.id) {}

 protected:
  /// The process as it is; error not_possible where none lives. Remembers its ports.
  [[nodiscard]] Result<ProcessControl::View> living();
  /// off: it lives, has as many ports as before, and answers. Else unclear, or `without` if none
  /// lives.
  [[nodiscard]] Probe serves(Effect without) const;
  /// on: there is no such process any more, and all its ports refuse.
  [[nodiscard]] Probe is_dead(pid_t pid) const;
  struct Ports {
    bool as_expected = true;
    std::string evidence;
  };
  /// Whether all refuse; or one is silent, or answers: which of them speaks HTTP is not known.
  [[nodiscard]] static Ports knock_all(const std::vector<ListeningPort>& ports,
                                       PortAnswer expected);
  [[nodiscard]] const std::vector<ListeningPort>& ports() const { return ports_; }
  [[nodiscard]] ProcessControl& processes() const { return processes_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& holder() const { return holder_; }

 private:
  ProcessControl& processes_;
  const std::string name_;
  const std::string holder_;
  std::vector<ListeningPort> ports_;
};

}  // namespace hailstorm::lab
