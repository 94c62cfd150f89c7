// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_document.h"
#include "app/document/workspace_state.h"
#include "model/import/importer.h"
#include "model/scenario/scenario_file.h"
#include "model/store/workspace_store.h"
#include "tests/support/shared_data.h"
#include "widgets/text/text.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace perunit {

/// How long a test waits for a job before it calls it lost; passing tests never wait that long.
inline constexpr int jobTimeout = 60'000;

/// The small workspace of tests/data/workspace: 12 requests, four conversations of 0.0108 $ each.
inline void makeSmallWorkspace(const QString &path)
{
    auto store = WorkspaceStore::open(fromQt(path), WorkspaceStore::Mode::OpenOrCreate);
    QVERIFY2(store, store ? "" : store.error().text().c_str());
    auto mappingText = readTextFile(fromQt(testData("workspace/mapping.json")));
    QVERIFY(mappingText);
    auto mapping = parseColumnMapping(*mappingText);
    QVERIFY(mapping);
    ImportOptions options;
    options.mapping = *mapping;
    auto source = importFile(**store, fromQt(testData("workspace/requests.csv")), options, nullptr, {});
    QVERIFY2(source, source ? "" : source.error().text().c_str());
    auto state = readState(**store);
    QVERIFY(state);
    WorkspaceState next = *state;
    auto unit = readUnit(*readTextFile(fromQt(testData("workspace/conversation.json"))), "conversation.json");
    QVERIFY2(unit, unit ? "" : unit.error().text().c_str());
    putUnit(next, *unit);
    auto scenario =
        readScenarioFile(*readTextFile(fromQt(testData("workspace/route_half.perunit-scenario"))), "route_half");
    QVERIFY2(scenario, scenario ? "" : scenario.error().text().c_str());
    addScenarioChain(next, scenario->chain);
    QVERIFY(writeState(**store, *state, next));
}

} // namespace perunit
