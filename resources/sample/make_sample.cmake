# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the sample workspace with the program's own command line, as a user would.
#   cmake -DGENERATOR=… -DPERUNIT=… -DSOURCE=resources/sample -DWORK=folder -DOUTPUT=sample.perunit -P make_sample.cmake
foreach(name GENERATOR PERUNIT SOURCE WORK OUTPUT)
    if(NOT ${name})
        message(FATAL_ERROR "make_sample.cmake needs -D${name}=…")
    endif()
endforeach()

# Runs a command; its output is only of interest when it fails.
function(run)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE status OUTPUT_VARIABLE output
        ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        string(REPLACE ";" " " line "${ARGN}")
        message(FATAL_ERROR "The sample workspace cannot be built, status ${status} of:\n  ${line}\n${output}")
    endif()
endfunction()

set(units conversation.json document.json contract.json)
# In the order in which a reader of the sample wants to meet them.
list(TRANSFORM units PREPEND ${SOURCE}/units/)
file(GLOB scenarios ${SOURCE}/scenarios/*.perunit-scenario)
list(SORT scenarios)

# Built beside the result and moved there at the end, so that a broken build leaves no half of a sample.
set(workspace ${WORK}/sample.perunit)
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
run(${GENERATOR} ${WORK})
run(${PERUNIT} import -w ${workspace} --mapping ${SOURCE}/request_mapping.json ${WORK}/requests.csv)
run(${PERUNIT} import -w ${workspace} ${WORK}/harness_charges.csv ${WORK}/outcomes.csv)
run(${PERUNIT} unit -w ${workspace} define ${units})
run(${PERUNIT} scenario -w ${workspace} import ${scenarios})
run(${PERUNIT} settings -w ${workspace} --from 2026-10-01 --to 2026-11-01 --horizon 12)
if(NOT EXISTS ${workspace})
    message(FATAL_ERROR "The sample workspace cannot be built: ${PERUNIT} ran, but wrote no ${workspace}")
endif()
get_filename_component(folder ${OUTPUT} DIRECTORY)
file(MAKE_DIRECTORY ${folder})
file(REMOVE ${OUTPUT} ${OUTPUT}-wal ${OUTPUT}-shm)
file(RENAME ${workspace} ${OUTPUT})
# The ledgers are fifty megabytes that the workspace holds as well.
file(REMOVE_RECURSE ${WORK})
