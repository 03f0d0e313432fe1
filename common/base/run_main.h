#pragma once

namespace hailstorm {

/// What a program is to the machine that it runs on.
struct Program {
  const char* name;
  /// Files and sockets that it must be able to have open, or it could not begin its work.
  int open_files = 32;
};

/// All of main(): runs `body` and gives the exit code. Nothing that `body` throws leaves it: what
/// was thrown is one line on standard error, and the exit code is 2. So it is where the machine
/// lets the process have too few open files; the limit is raised before as far as permitted. An
/// exit code of 0 becomes 1 where standard output could not be written, unless its reader is gone
/// (a pipe into `head`).
[[nodiscard]] int run_main(const Program& program, int argc, char** argv,
                           int (*body)(int argc, char** argv));

/// Something that was written to standard output is lost, and its reader is not gone.
[[nodiscard]] bool is_output_lost();

}  // namespace hailstorm
