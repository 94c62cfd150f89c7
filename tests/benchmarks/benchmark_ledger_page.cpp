// SPDX-License-Identifier: GPL-3.0-or-later
// How long the ledger page works on a workspace: benchmark_ledger_page WORKSPACE
#include "app/document/workspace_state.h"
#include "app/pages/ledger/row_source.h"
#include "model/analyses/completeness.h"
#include "model/analyses/invoice_tie.h"
#include "model/analyses/row_table.h"
#include "model/analyses/tag_coverage.h"
#include "model/store/workspace_store.h"
#include "widgets/tables/long_table.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QTableView>

#include <cstdio>

using namespace perunit;

namespace {

QElapsedTimer clockOfStep;

void step(const char *name)
{
    std::printf("%-44s %7lld ms\n", name, static_cast<long long>(clockOfStep.restart()));
    std::fflush(stdout);
}

void filterAndSort(const RowTable &table, const char *name, const RowFilter &filter,
                   std::initializer_list<const char *> by)
{
    clockOfStep.restart();
    const auto found = table.filter(filter, nullptr, {});
    step(name);
    std::printf("    %zu rows\n", found->rows.count);
    for (const char *field : by) {
        clockOfStep.restart();
        const auto sorted = table.sorted(found->rows, *table.fieldNamed(field), true, nullptr, {});
        step((std::string("    sorted by ") + field).c_str());
    }
}

void scrollThrough(LongTable &table)
{
    for (const int rows : {0, table.model()->rowCount() / 2, table.model()->rowCount() - 1}) {
        clockOfStep.restart();
        table.view()->verticalScrollBar()->setValue(rows);
        table.grab();
        step("scrolled and painted");
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: benchmark_ledger_page WORKSPACE\n");
        return 2;
    }
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    clockOfStep.start();
    const auto store = WorkspaceStore::open(argv[1], WorkspaceStore::Mode::ReadOnly);
    if (!store) {
        std::fprintf(stderr, "benchmark_ledger: %s\n", store.error().text().c_str());
        return 1;
    }
    const auto ledger = (*store)->readLedger({});
    const auto sources = (*store)->sources();
    step("ledger read");
    const auto baseline = Baseline::build(*ledger, priceBookFor(*readState(**store)), {}, {});
    step("baseline built");
    const auto costs = RequestCosts::build(*baseline, nullptr, {}).value();
    step("cost of every request");
    static_cast<void>(completenessOf(*costs, *sources, nullptr, {}));
    step("completeness");
    static_cast<void>(tagCoverage(*costs, nullptr, {}));
    step("tag coverage");
    static_cast<void>(recordedTies(*costs, nullptr, {}));
    step("recorded ties");
    const auto table = requestTable(costs, {});
    filterAndSort(*table, "no filter", {}, {"time", "cost", "model", "session", "input"});
    RowFilter text;
    text.text = "batch gpt";
    filterAndSort(*table, "two words", text, {"cost"});
    RowFilter values;
    values.scope.conditions["environment"] = {"prod"};
    values.leastCost = Money::of(Femto::ofUnits(1'000'000'000'000));
    filterAndSort(*table, "a dimension and a cost", values, {"recorded"});
    RowFilter session;
    session.text = "conv_0000000000b0";
    filterAndSort(*table, "a part of a session", session, {});

    const auto all = table->filter({}, nullptr, {});
    std::vector<std::size_t> fields{0, 1, 2, 3, 4, 5};
    std::vector<ValueColumn> columns;
    for (const std::size_t field : fields)
        columns.push_back(fieldColumn(*table, field));
    LongTable list(QStringLiteral("Rows"));
    list.resize(900, 700);
    list.show();
    const auto source = std::make_shared<RowSource>(table, std::make_shared<const RowSelection>(all->rows), fields);
    clockOfStep.restart();
    list.setContents(columns, source, false);
    step("table filled");
    list.setContents(columns, source, false);
    step("table filled again");
    scrollThrough(list);
    list.view()->selectAll();
    step("all rows selected");
    return 0;
}
