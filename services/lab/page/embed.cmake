# hailstorm_embed(NAME FOLDER FILE…): a source, whose name is in the variable NAME, with the
# function `std::span<const EmbeddedFile> NAME()`: text files of FOLDER as they are, each with its
# SHA-256. See services/lab/page/embedded_file.h.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(HAILSTORM_EMBED ${CMAKE_CURRENT_LIST_FILE})
  function(hailstorm_embed name folder)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}_embedded.cpp)
    list(TRANSFORM ARGN PREPEND ${folder}/ OUTPUT_VARIABLE paths)
    list(JOIN ARGN "," files)
    add_custom_command(OUTPUT ${source}
      COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DFOLDER=${folder} -DFILES=${files}
              -DOUTPUT=${source} -P ${HAILSTORM_EMBED}
      DEPENDS ${paths} ${HAILSTORM_EMBED}
      VERBATIM)
    set(${name} ${source} PARENT_SCOPE)
  endfunction()
  return()
endif()

string(REPLACE "," ";" files "${FILES}")
set(entries "")
foreach(file ${files})
  file(READ ${FOLDER}/${file} content)
  file(SHA256 ${FOLDER}/${file} hash)
  string(APPEND entries "    {\"${file}\", R\"_file_(${content})_file_\", \"${hash}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made of the files of ${FOLDER}.
#include \"services/lab/page/embedded_file.h\"

namespace hailstorm::lab {
namespace {

constexpr EmbeddedFile kFiles[] = {
${entries}};

}  // namespace

std::span<const EmbeddedFile> ${NAME}() { return kFiles; }

}  // namespace hailstorm::lab
")
