# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DLAYER=name "-DSOURCES=a|b" -DROOT=dir -P check_includes.cmake
# Fails when a source of a layer includes what its layer may not know, or uses a word that is forbidden.
# Linking alone cannot see this: all headers of the project share one include root, and sqlite3.h or
# json.hpp lie in a system folder that every target can read.

set(qt_headers "<Q[A-Z]|<Qt")
set(database "<sqlite3\\.h>|<archive\\.h>|<zstd\\.h>")
set(own_pricing "\"pricing/")
set(own_model "\"model/")
set(own_io "\"model/(import|store)/")
set(own_widgets "\"widgets/")
set(own_app "\"app/")

set(forbidden_pricing "${qt_headers}|${database}|${own_model}|${own_widgets}|${own_app}")
set(forbidden_model "${qt_headers}|${database}|${own_io}|${own_widgets}|${own_app}")
set(forbidden_model_io "${qt_headers}|${own_widgets}|${own_app}")
set(forbidden_widgets "${database}|${own_io}|${own_app}|<nlohmann/|<QtWidgets>|<QtCharts>|<QtGui>|<QtCore>")
set(forbidden_app_core "${database}|<QtWidgets>|<QtCharts>|<QtGui>|<QtCore>|<QChart|<QLineSeries|<QBarSe")
set(forbidden_everywhere "\"\\.\\./")

set(failures "")
string(REPLACE "|" ";" SOURCES "${SOURCES}")
foreach(file IN LISTS SOURCES)
    file(STRINGS ${file} lines REGEX "^[ \t]*#[ \t]*include")
    file(RELATIVE_PATH short ${ROOT} ${file})
    foreach(line IN LISTS lines)
        if(line MATCHES "${forbidden_${LAYER}}" OR line MATCHES "${forbidden_everywhere}")
            string(APPEND failures "  ${short}: ${line}\n")
        endif()
    endforeach()
    file(STRINGS ${file} words REGEX "processEvents *\\(|blockSignals *\\(|msleep *\\(|usleep *\\(|sleep_for *\\(")
    foreach(line IN LISTS words)
        if(NOT line MATCHES "^[ \t]*//")
            string(APPEND failures "  ${short}: ${line}\n")
        endif()
    endforeach()
endforeach()
if(failures)
    message(FATAL_ERROR "layering: '${LAYER}' may not contain\n${failures}")
endif()
