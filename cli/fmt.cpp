// segue fmt: change files in their one canonical form.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>

#include "cli/command.hpp"
#include "dsl/parser.hpp"

namespace segue::cli {

namespace {

struct FormatCommand {
  std::vector<std::string> files;
  bool check = false;
  bool standard_input = false;
};

// None where the text does not parse; the mistakes are printed then.
std::optional<std::string> canonical(const std::string& name, const std::string& text) {
  const dsl::Source source(name, text);
  const dsl::ParseResult parsed = dsl::parse(source);
  if (!parsed.diagnostics.empty()) {
    fmt::print(stderr, "{}", dsl::render(source, parsed.diagnostics));
  }
  if (!parsed.change) return std::nullopt;
  return dsl::format(source, *parsed.change);
}

int format_standard_input(bool check) {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const std::optional<std::string> formatted = canonical("<stdin>", text);
  if (!formatted) return exit_bad_input;
  if (check) return *formatted == text ? exit_done : exit_failed;
  fmt::print("{}", *formatted);
  return exit_done;
}

int format_files(const FormatCommand& command) {
  int code = exit_done;
  for (const std::string& file : command.files) {
    const std::string text = read_text(file);
    const std::optional<std::string> formatted = canonical(file, text);
    if (!formatted) {
      code = exit_bad_input;
    } else if (*formatted != text && command.check) {
      fmt::print("{}: not in canonical form\n", file);
      if (code == exit_done) code = exit_failed;
    } else if (*formatted != text) {
      write_text(file, *formatted);
    }
  }
  return code;
}

int format(const FormatCommand& command) {
  if (command.standard_input != command.files.empty()) {
    throw BadInput("fmt takes files, or --stdin alone");
  }
  return command.standard_input ? format_standard_input(command.check) : format_files(command);
}

}  // namespace

void add_fmt(CLI::App& app, Run& run) {
  const auto command = std::make_shared<FormatCommand>();
  CLI::App* format_app = app.add_subcommand("fmt", "Put change files into their canonical form");
  format_app->add_option("files", command->files, "Change files, rewritten in place")
      ->type_name("FILE");
  format_app->add_flag("--check", command->check,
                       "Change nothing; exit 1 where a file is not in canonical form");
  format_app->add_flag("--stdin", command->standard_input,
                       "Read standard input, write standard output");
  format_app->footer(
      "\nExamples:\n"
      "  segue fmt changes/*.segue\n"
      "  segue fmt --check changes/*.segue\n");
  format_app->callback([command, &run] { run.command = [command] { return format(*command); }; });
}

}  // namespace segue::cli
