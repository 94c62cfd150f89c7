# SPDX-License-Identifier: GPL-3.0-or-later
# The layers of the program and the one way in which they may depend on each other.
#
#   app -> widgets -> model -> pricing          model_io (files and the database) stands beside model
#
# Every layer is made by add_layer(); an edge or a Qt module that the table does not allow stops the
# configuration, and a scan of the includes stops the build (check_includes.cmake).

set(PERUNIT_LAYER_pricing_USES "")
set(PERUNIT_LAYER_model_USES pricing)
set(PERUNIT_LAYER_model_io_USES pricing model)
set(PERUNIT_LAYER_widgets_USES pricing model)
set(PERUNIT_LAYER_app_core_USES pricing model model_io widgets)
set(PERUNIT_LAYERS_WITH_QT widgets app_core)

# Flags that every target of the project is compiled with.
function(perunit_compile_options target)
    target_compile_features(${target} PRIVATE cxx_std_20)
    # -Wrestrict of GCC 12 reports std::string::insert of its own library (GCC bug 105651).
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -fno-fast-math
        $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
        $<$<BOOL:${PERUNIT_WERROR}>:-Werror>)
    if(PERUNIT_SANITIZE)
        # -Wmaybe-uninitialized of GCC 12 reports std::regex of its own library when it is instrumented (GCC bug 105562).
        target_compile_options(${target} PRIVATE -fsanitize=${PERUNIT_SANITIZE} -fno-omit-frame-pointer
            $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
        target_link_options(${target} PRIVATE -fsanitize=${PERUNIT_SANITIZE})
    endif()
endfunction()

# Headers of others that most files of a kind read: parsed once instead of some hundred times, which takes a third off a
# build from nothing. Never our own: every change to one of them would build everything again.
set(PERUNIT_PRECOMPILED_STANDARD
    <algorithm> <array> <charconv> <cstdint> <functional> <map> <memory> <optional> <set> <stop_token>
    <string> <string_view> <tuple> <unordered_map> <utility> <variant> <vector>)
# The schema validator's definitions belong to pricing alone.
set(PERUNIT_PRECOMPILED_PRICING ${PERUNIT_PRECOMPILED_STANDARD})
set(PERUNIT_PRECOMPILED_WIDGETS
    ${PERUNIT_PRECOMPILED_STANDARD}
    <QHBoxLayout> <QLabel> <QLocale> <QPushButton> <QString> <QStringList> <QVBoxLayout> <QWidget>)
set(PERUNIT_PRECOMPILED_TESTS ${PERUNIT_PRECOMPILED_STANDARD} <QFile> <QString> <QTemporaryDir> <QTest>)
set(PERUNIT_PRECOMPILED_WIDGET_TESTS
    ${PERUNIT_PRECOMPILED_TESTS} <QApplication> <QLabel> <QPushButton> <QSignalSpy> <QWidget>)

# perunit_precompile(target kind): the first target of a kind makes its precompiled header, the others share it: they
# must have its options and at least its definitions. -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON does without, as other
# readers of compile_commands.json (clang-tidy) want it.
function(perunit_precompile target kind)
    if(CMAKE_DISABLE_PRECOMPILE_HEADERS)
        return()
    endif()
    get_property(maker GLOBAL PROPERTY PERUNIT_PRECOMPILED_${kind}_MAKER)
    if(maker)
        target_precompile_headers(${target} REUSE_FROM ${maker})
    else()
        target_precompile_headers(${target} PRIVATE ${PERUNIT_PRECOMPILED_${kind}})
        set_property(GLOBAL PROPERTY PERUNIT_PRECOMPILED_${kind}_MAKER ${target})
    endif()
    # The first lets ccache see what a precompiled header stands for. The others report std::string of GCC's own library
    # once that comes from a precompiled header; the sanitizer presets compile without, and with these warnings.
    target_compile_options(${target} PRIVATE
        $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>)
endfunction()

# add_layer(NAME USES layer… QT module… LIBRARIES target… FOLDERS folder… WAITING folder…)
# Makes a static library of all .cpp files in FOLDERS and WAITING (of this directory, with their sub-folders). What is in
# WAITING does little but wait for the rest, and is compiled with less optimisation, which is faster.
function(add_layer name)
    cmake_parse_arguments(LAYER "" "" "USES;QT;LIBRARIES;FOLDERS;WAITING;SOURCES" ${ARGN})
    foreach(used IN LISTS LAYER_USES)
        if(NOT used IN_LIST PERUNIT_LAYER_${name}_USES)
            message(FATAL_ERROR "layering: '${name}' may not depend on '${used}'")
        endif()
    endforeach()
    if(LAYER_QT AND NOT name IN_LIST PERUNIT_LAYERS_WITH_QT)
        message(FATAL_ERROR "layering: '${name}' is plain C++20 and may not link Qt (${LAYER_QT})")
    endif()

    set(sources ${LAYER_SOURCES})
    foreach(folder IN LISTS LAYER_FOLDERS LAYER_WAITING)
        file(GLOB_RECURSE found CONFIGURE_DEPENDS
            ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.h)
        list(APPEND sources ${found})
        if(folder IN_LIST LAYER_WAITING)
            set_source_files_properties(${found} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-O1>)
        endif()
    endforeach()

    add_library(${name} STATIC ${sources})
    perunit_compile_options(${name})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${LAYER_USES})
    target_link_libraries(${name} PRIVATE ${LAYER_LIBRARIES})
    if(LAYER_QT)
        set(modules ${LAYER_QT})
        list(TRANSFORM modules PREPEND Qt6::)
        target_link_libraries(${name} PUBLIC ${modules})
        target_compile_definitions(${name} PRIVATE
            QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_USE_QSTRINGBUILDER)
        set_target_properties(${name} PROPERTIES AUTOMOC ON AUTORCC ON)
        perunit_precompile(${name} WIDGETS)
    elseif(name STREQUAL pricing)
        perunit_precompile(${name} PRICING)
    else()
        perunit_precompile(${name} STANDARD)
    endif()

    set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${name}.includes.stamp)
    string(REPLACE ";" "|" source_list "${sources}")
    add_custom_command(OUTPUT ${stamp}
        COMMAND ${CMAKE_COMMAND} -DLAYER=${name} "-DSOURCES=${source_list}" -DROOT=${PROJECT_SOURCE_DIR}
            -P ${PROJECT_SOURCE_DIR}/tests/architecture/check_includes.cmake
        COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
        DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/tests/architecture/check_includes.cmake
        COMMENT "Checking the includes of ${name}" VERBATIM)
    add_custom_target(${name}_includes DEPENDS ${stamp})
    add_dependencies(${name} ${name}_includes)
endfunction()
