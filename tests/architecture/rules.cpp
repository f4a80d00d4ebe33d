#include "rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <sstream>

namespace segue::architecture {

namespace {

constexpr std::array<std::string_view, 5> street{"dsl", "planner", "codegen", "runtime", "cli"};

std::optional<std::size_t> stage_of(std::string_view path) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto* const found = std::find(street.begin(), street.end(), path.substr(0, slash));
  if (found == street.end()) return std::nullopt;
  return static_cast<std::size_t>(found - street.begin());
}

bool is_header(std::string_view path) {
  return path.ends_with(".hpp") || path.ends_with(".h");
}
bool is_source(std::string_view path) {
  return path.ends_with(".cpp") || path.ends_with(".cc");
}

struct Include {
  std::size_t line = 0;
  std::string name;
};

// The name in `# include <name>`; empty for any other line.
std::string included_name(std::string_view line) {
  const auto skip_blanks = [&] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  for (const std::string_view token : {"#", "include"}) {
    skip_blanks();
    if (!line.starts_with(token)) return {};
    line.remove_prefix(token.size());
  }
  skip_blanks();
  if (!line.starts_with('<') && !line.starts_with('"')) return {};
  const auto end = line.find_first_of(">\"", 1);
  return end == std::string_view::npos ? std::string() : std::string(line.substr(1, end - 1));
}

std::vector<Include> includes_of(const std::string& text) {
  std::vector<Include> found;
  std::istringstream lines(text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (auto name = included_name(line); !name.empty()) found.push_back({number, std::move(name)});
  }
  return found;
}

// Whether a line holds `place` as an absolute path: not after a letter or another path's part.
bool names_place(const std::string& line, const std::string& place) {
  for (auto at = line.find(place); at != std::string::npos; at = line.find(place, at + 1)) {
    const auto after = at + place.size();
    if (after >= line.size() ||
        (std::isalpha(static_cast<unsigned char>(line[after])) == 0 && line[after] != '.')) {
      continue;
    }
    if (at == 0) return true;
    const char before = line[at - 1];
    if (std::isalnum(static_cast<unsigned char>(before)) == 0 &&
        std::string_view("._~/-").find(before) == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

std::string at(const File& file, std::size_t line) {
  return file.path + ":" + std::to_string(line) + ": ";
}

bool starts_with_any(std::string_view name, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace

std::vector<std::string> include_direction(const File& file) {
  std::vector<std::string> breaches;
  const auto here = stage_of(file.path);
  if (!here) return breaches;
  for (const auto& include : includes_of(file.text)) {
    const auto there = stage_of(include.name);
    if (there && *there > *here) {
      breaches.push_back(at(file, include.line) + std::string(street[*here]) + " includes " +
                         include.name + ", which comes after it");
    }
    if (include.name.starts_with("tests/") || include.name.starts_with("examples/") ||
        include.name.find("../") != std::string::npos) {
      breaches.push_back(at(file, include.line) + "a stage includes " + include.name);
    }
  }
  return breaches;
}

std::vector<std::string> library_borders(const File& file) {
  std::vector<std::string> breaches;
  const auto here = stage_of(file.path);
  if (!here) return breaches;
  const auto stage = street[*here];
  for (const auto& include : includes_of(file.text)) {
    const std::string_view name = include.name;
    if (starts_with_any(name, {"tao/pegtl", "pg_query", "protobuf-c"}) && stage != "dsl") {
      breaches.push_back(at(file, include.line) + include.name + " belongs in dsl");
    }
    if (starts_with_any(name, {"pqxx", "libpq-fe", "libpq/"}) &&
        (stage != "runtime" || !is_source(file.path))) {
      breaches.push_back(at(file, include.line) + include.name + " belongs in runtime's sources");
    }
    const bool declarations = name == "nlohmann/json_fwd.hpp" && stage != "planner";
    if (name.starts_with("nlohmann") && !declarations &&
        (stage == "planner" || is_header(file.path))) {
      breaches.push_back(at(file, include.line) + include.name +
                         " belongs in sources, and not in planner");
    }
  }
  return breaches;
}

std::vector<std::string> top_directory(const std::vector<std::string>& paths) {
  static const std::set<std::string, std::less<>> allowed{
      "CMakeLists.txt", "CMakePresets.json", "README.md", "grammar.md", "LICENSE", "dsl",
      "planner",        "codegen",           "runtime",   "cli",        "tests",   "examples"};
  std::set<std::string> strangers;
  for (const auto& path : paths) {
    const auto top = path.substr(0, path.find('/'));
    if (!top.starts_with('.') && !allowed.contains(top)) strangers.insert(top);
  }
  std::vector<std::string> breaches;
  for (const auto& name : strangers)
    breaches.push_back(name + " does not belong in the top directory");
  return breaches;
}

std::vector<std::string> machine_traces(const File& file) {
  // In pieces, so that this file does not find itself.
  static const std::vector<std::string> places{
      std::string("/wo") + "rk/", std::string("/ro") + "ot/", std::string("/ho") + "me/"};
  static const std::vector<std::string> hosts{std::string("deb.deb") + "ian.org",
                                              std::string("registry.npm") + "js"};
  std::vector<std::string> breaches;
  std::istringstream lines(file.text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    const auto found =
        std::any_of(places.begin(), places.end(),
                    [&](const std::string& place) { return names_place(line, place); }) ||
        std::any_of(hosts.begin(), hosts.end(),
                    [&](const std::string& host) { return line.find(host) != std::string::npos; });
    if (found) {
      breaches.push_back(at(file, number) + "names a place of one machine: " + line);
    }
  }
  return breaches;
}

std::vector<std::string> unlisted_headers(const std::vector<File>& files) {
  std::set<std::string> used_elsewhere;
  for (const auto& file : files) {
    if (!is_header(file.path) && !is_source(file.path)) continue;
    for (const auto& include : includes_of(file.text)) {
      const auto target = stage_of(include.name);
      if (!target || street[*target] == "cli") continue;
      if (stage_of(file.path) != target && !file.path.starts_with("tests/")) {
        used_elsewhere.insert(include.name);
      }
    }
  }
  std::vector<std::string> breaches;
  for (const auto& header : used_elsewhere) {
    // The nearest list above it: a folder below a stage may be a library of its own.
    const auto listed_in = [&](std::size_t slash) {
      const auto path = header.substr(0, slash) + "/CMakeLists.txt";
      return std::find_if(files.begin(), files.end(),
                          [&](const File& file) { return file.path == path; });
    };
    auto slash = header.rfind('/');
    auto found = listed_in(slash);
    while (found == files.end() && header.find('/') < slash) {
      slash = header.rfind('/', slash - 1);
      found = listed_in(slash);
    }
    const auto list = header.substr(0, slash) + "/CMakeLists.txt";
    const auto name = header.substr(slash + 1);
    if (found == files.end() || found->text.find(name) == std::string::npos) {
      breaches.push_back(header + " is included by another folder but not listed in " + list);
    }
  }
  return breaches;
}

std::vector<std::string> tracked_files(const std::filesystem::path& top) {
  std::vector<std::string> paths;
  const auto command =
      "git -c safe.directory='*' -C '" + top.string() + "' ls-files -z 2>/dev/null";
  const auto close = [](FILE* pipe) { return pclose(pipe); };
  const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  std::string path;
  for (int c = pipe ? std::fgetc(pipe.get()) : EOF; c != EOF; c = std::fgetc(pipe.get())) {
    if (c != 0) {
      path.push_back(static_cast<char>(c));
    } else {
      if (std::filesystem::exists(top / path)) paths.push_back(path);
      path.clear();
    }
  }
  if (!paths.empty()) return paths;
  for (auto entry = std::filesystem::recursive_directory_iterator(top);
       entry != std::filesystem::recursive_directory_iterator(); ++entry) {
    const auto name = entry->path().filename().string();
    if (entry->is_directory() && (name == ".git" || name.starts_with("build"))) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      paths.push_back(std::filesystem::relative(entry->path(), top).generic_string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

File read_file(const std::filesystem::path& top, const std::string& path) {
  const std::ifstream stream(top / path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return {path, text.str()};
}

}  // namespace segue::architecture
