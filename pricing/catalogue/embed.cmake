# SPDX-License-Identifier: GPL-3.0-or-later
# cmake "-DFILES=a.json|b.json" -DSCHEMA=s.json -DOUTPUT=x.cpp -P embed.cmake
# Writes the catalogue files and their schema as raw string literals.
string(REPLACE "|" ";" FILES "${FILES}")
set(text "// Made from pricing/data by embed.cmake.\n#include \"pricing/catalogue/bundled_data.h\"\n\n")
string(APPEND text "namespace perunit {\n\nstd::vector<BundledFile> bundledCatalogueFiles()\n{\n    return {\n")
foreach(file IN LISTS FILES)
    get_filename_component(name "${file}" NAME)
    file(READ "${file}" content)
    string(APPEND text "        {\"${name}\", R\"perunit(${content})perunit\"},\n")
endforeach()
file(READ "${SCHEMA}" schema)
string(APPEND text "    };\n}\n\nstd::string_view catalogueSchema()\n{\n    return R\"perunit(${schema})perunit\";\n}\n\n} // namespace perunit\n")
file(WRITE "${OUTPUT}" "${text}")
