// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices_page.h"

#include "app/document/clock.h"
#include "app/pages/choices.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "model/figures/figure_builder.h"
#include "pricing/catalogue/catalogue_file.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr std::size_t mostRates = 200;
/// Choice that takes back what the user said a recorded name means.
constexpr const char *byItsName = "by-its-name";

ValueCell priceCell(const RateCard &card, UsageClass usageClass)
{
    if (card.bands.empty())
        return ValueCell::unknown(QCoreApplication::translate("PricesPage", "no price at present"));
    const ClassPrice &price = card.bands.front().prices[static_cast<std::size_t>(usageClass)];
    if (price.state == PriceState::Unpriced)
        return ValueCell::unknown(QCoreApplication::translate("PricesPage", "the catalogue does not say"));
    ValueCell cell = ValueCell::ofNumber(priceText(usageClass, price.femto), static_cast<double>(price.femto));
    if (price.state == PriceState::Assumed) {
        cell.tone = CellTone::Secondary;
        cell.toolTip =
            QCoreApplication::translate("PricesPage", "assumed: the catalogue has no price of its own for it");
    } else if (price.state == PriceState::Free) {
        cell.toolTip = QCoreApplication::translate("PricesPage", "free");
    }
    return cell;
}

QString ruleName(MatchRule rule)
{
    switch (rule) {
    case MatchRule::None:
        return QCoreApplication::translate("PricesPage", "not matched");
    case MatchRule::UserMapping:
        return QCoreApplication::translate("PricesPage", "your choice");
    case MatchRule::Exact:
        return QCoreApplication::translate("PricesPage", "exact");
    case MatchRule::Alias:
        return QCoreApplication::translate("PricesPage", "alias");
    case MatchRule::Pattern:
        return QCoreApplication::translate("PricesPage", "pattern");
    }
    return {};
}

ValueCell rateCell(const Rate &rate, UsageClass usageClass)
{
    const auto &price = rate.prices[static_cast<std::size_t>(usageClass)];
    return priceCell(usageClass, price ? std::optional(price->femto) : std::nullopt,
                     QCoreApplication::translate("PricesPage", "not given"));
}

QString matchText(const Baseline::Resolution &resolution)
{
    const QString rule = ruleName(resolution.match.rule);
    const QString detail = toQt(resolution.match.detail);
    const QString how = detail.isEmpty() || detail == rule ? rule : QStringLiteral("%1, %2").arg(rule, detail);
    return QCoreApplication::translate("PricesPage", "'%1' found its price by its name (%2).")
        .arg(toQt(resolution.recorded), how);
}

/// The provider is named only where it is another one than recorded.
QString keySeenFrom(const ModelKey &key, const std::string &provider)
{
    return key.provider == provider ? toQt(key.model) : modelKeyText(key);
}

} // namespace

PricesPage::PricesPage(const PageContext &context, QWidget *parent)
    : Page(context, PageId::Prices, tr("Prices"), parent)
{
    const PageFrame frame = buildPageFrame(this, title());
    m_kind = new SegmentedSwitch(tr("What is listed"), this);
    m_kind->addOption(QStringLiteral("matching"), tr("Your models"), {},
                      tr("How the models of your ledger found their prices"));
    m_kind->addOption(QStringLiteral("catalogue"), tr("All models"), {}, tr("Everything that has a price"));
    m_kind->addOption(QStringLiteral("added"), tr("Catalogues"), {}, tr("Where prices come from"));
    connect(m_kind, &SegmentedSwitch::currentChanged, this, &PricesPage::refresh);
    auto *add = new QPushButton(themedIcon(QStringLiteral("import")), tr("Add a catalogue…"), this);
    add->setToolTip(tr("The LiteLLM price file, or a catalogue of Perunit's own kind; or drop it on the window"));
    connect(add, &QPushButton::clicked, this, [this] { window().chooseFilesToImport(); });
    m_remove = new QPushButton(themedIcon(QStringLiteral("delete")), tr("Remove"), this);
    connect(m_remove, &QPushButton::clicked, this, [this] { removeCatalogue(m_table->currentKey()); });
    frame.controls->addWidget(m_kind);
    frame.controls->addWidget(add);
    frame.controls->addWidget(m_remove);

    auto *card = new Card({}, this);
    m_table = new ValueTable(tr("Prices"), card);
    m_table->setFilterShown(true, tr("Search models"));
    connect(m_table, &ValueTable::currentKeyChanged, this, &PricesPage::refreshInspector);
    card->setContent(m_table);
    frame.rows->addWidget(card, 1);
    buildInspector();

    connect(&document(), &WorkspaceDocument::opened, this, &PricesPage::invalidate);
    connect(&document(), &WorkspaceDocument::pricesChanged, this, &PricesPage::invalidate);
    connect(&document(), &WorkspaceDocument::historyChanged, this, &PricesPage::invalidate);
}

QWidget *PricesPage::inspector()
{
    return m_inspector;
}

void PricesPage::buildInspector()
{
    QVBoxLayout *rows = nullptr;
    m_inspector = buildScrollingInspector(this, rows);
    QWidget *content = rows->parentWidget();
    m_name = newLabel({}, "section", content);
    m_name->setWordWrap(true);
    m_facts = newLabel({}, "caption", content);
    m_facts->setWordWrap(true);
    m_mapping = new QWidget(content);
    auto *mapping = new QVBoxLayout(m_mapping);
    mapping->setContentsMargins(0, Theme::space2, 0, Theme::space2);
    m_match = newLabel({}, "body", m_mapping);
    m_match->setWordWrap(true);
    m_target = new ChoiceBox(tr("Priced as"), m_mapping);
    m_target->setToolTip(tr("The model whose prices this recorded name has"));
    mapping->addWidget(m_match);
    mapping->addWidget(newLabel(tr("Priced as"), "caption", m_mapping));
    mapping->addWidget(m_target);
    m_rates = new ValueTable(tr("Prices over time"), content);
    m_rates->setCompact(true);
    m_rates->setFittingRows(12);
    m_rates->setColumns({{tr("From"), {}, false},
                         {tr("When"), tr("Tier, region or prompt length"), false, ColumnWidth::Stretch},
                         {tr("In"), tr("Input, per million tokens"), true},
                         {tr("Out"), tr("Output, per million tokens"), true}});
    m_rates->setEmptyText(tr("No prices"));
    m_issues = new ValueTable(tr("Entries that were left out"), content);
    m_issues->setCompact(true);
    m_issues->setColumns({{tr("Entry"), tr("Place in the file"), false, ColumnWidth::Stretch},
                          {tr("Why it was left out"), {}, false, ColumnWidth::Stretch}});
    m_issues->setEmptyText(tr("Every entry is used."));
    m_issues->setFilterShown(true, tr("Search entries"));
    m_issues->setMinimumHeight(400);
    m_sources = newLabel({}, "caption", content);
    m_sources->setWordWrap(true);
    m_sources->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    rows->addWidget(m_name);
    rows->addWidget(m_facts);
    rows->addWidget(m_mapping);
    rows->addWidget(m_rates);
    rows->addWidget(m_issues, 1);
    rows->addWidget(m_sources);
    rows->addStretch();
    connect(m_target, &ChoiceBox::valueEdited, this, &PricesPage::mapSelected);
}

void PricesPage::refresh()
{
    const QString kind = m_kind->current();
    m_remove->setVisible(kind == QLatin1String("added"));
    if (kind == QLatin1String("catalogue"))
        refreshCatalogue();
    else if (kind == QLatin1String("added"))
        refreshAdded();
    else
        refreshMatching();
    if (m_table->currentKey().isEmpty() && kind != QLatin1String("added"))
        m_table->setCurrentKey(m_table->model()->key(0));
    refreshInspector();
}

void PricesPage::refreshMatching()
{
    m_table->setColumns({{tr("Provider"), tr("As recorded"), false},
                         {tr("Model"), tr("As recorded"), false},
                         {tr("Priced as"), {}, false, ColumnWidth::Stretch},
                         {tr("Matched by"), {}, false},
                         {tr("Requests"), {}, true},
                         {tr("Tokens"), {}, true},
                         {tr("Cost"), tr("At the prices of the requests' own time"), true},
                         {tr("Unpriced"), tr("Tokens without a price; they are in no total"), true}});
    m_table->setEmptyText(tr("Import a ledger to see how its models are priced."));
    std::vector<ValueRow> rows;
    const auto history = document().history();
    if (history) {
        const Baseline &ledger = *history->ledger;
        for (const Baseline::Resolution &each : ledger.resolutions()) {
            const bool found = each.match.model.found();
            const bool priced = found && (each.tokens == 0 || each.unpricedTokens < each.tokens);
            ValueCell rule =
                ValueCell::ofText(ruleName(each.match.rule), found ? CellTone::Secondary : CellTone::Warning);
            rule.toolTip = toQt(each.match.detail);
            ValueRow row;
            row.key = toQt(each.provider + "\n" + each.recorded);
            row.cells = {
                ValueCell::ofText(toQt(each.provider)),
                ValueCell::ofText(toQt(each.recorded), CellTone::Emphasis),
                found ? ValueCell::ofText(keySeenFrom(ledger.book().model(each.match.model).key, each.provider))
                      : ValueCell::unknown(tr("no model of this name has a price; choose one in the inspector")),
                rule,
                ValueCell::ofNumber(toQt(countText(each.requests)), static_cast<double>(each.requests)),
                ValueCell::ofNumber(toQt(countText(each.tokens)), static_cast<double>(each.tokens)),
                priced ? ValueCell::ofNumber(toQt(moneyText(each.cost, ledger.currency())), each.cost.approximate())
                       : ValueCell::unknown(tr("n/a")),
                ValueCell::ofNumber(toQt(countText(each.unpricedTokens)), static_cast<double>(each.unpricedTokens),
                                    each.unpricedTokens > 0 ? CellTone::Warning : CellTone::Secondary)};
            rows.push_back(std::move(row));
        }
    }
    m_table->setRows(std::move(rows));
}

void PricesPage::refreshCatalogue()
{
    const auto book = document().priceBook();
    m_table->setColumns({{tr("Provider"), {}, false},
                         {tr("Model"), {}, false, ColumnWidth::Stretch},
                         {tr("Input"), tr("USD per million tokens, at present"), true},
                         {tr("Cache read"), tr("Per million tokens"), true},
                         {tr("Cache write"), tr("For five minutes, per million tokens"), true},
                         {tr("Output"), tr("Per million tokens"), true},
                         {tr("Batch"), tr("Has prices of its own for batch requests"), false},
                         {tr("Context"), tr("Longest prompt in tokens"), true},
                         {tr("Catalogue"), {}, false}});
    m_table->setEmptyText(tr("Open a workspace to see its prices."));
    std::vector<ValueRow> rows;
    const Instant at = now();
    for (std::size_t i = 0; book && i < book->modelCount(); ++i) {
        const ModelIndex index{static_cast<std::int32_t>(i)};
        const CatalogueModel &model = book->model(index);
        const RateCard card = book->rateCard(index, ServiceTier::Standard, {}, at);
        ValueRow row;
        row.key = modelKeyText(model.key);
        row.cells = {ValueCell::ofText(toQt(model.key.provider)),
                     ValueCell::ofText(toQt(model.key.model), CellTone::Emphasis),
                     priceCell(card, UsageClass::Input),
                     priceCell(card, UsageClass::CacheRead),
                     priceCell(card, UsageClass::CacheWrite5m),
                     priceCell(card, UsageClass::Output),
                     ValueCell::ofText(book->hasTier(index, ServiceTier::Batch, {}, at) ? tr("yes") : QString(),
                                       CellTone::Secondary),
                     model.contextWindow > 0
                         ? ValueCell::ofNumber(toQt(countText(model.contextWindow)),
                                               static_cast<double>(model.contextWindow), CellTone::Secondary)
                         : ValueCell::unknown(tr("not known")),
                     ValueCell::ofText(toQt(book->catalogueOf(index)), CellTone::Secondary)};
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
}

void PricesPage::refreshAdded()
{
    m_table->setColumns({{tr("Catalogue"), {}, false, ColumnWidth::Stretch},
                         {tr("As of"), tr("Date of its newest fact"), false},
                         {tr("Holds from"), tr("From when prices without a date of their own are used"), false},
                         {tr("Models"), {}, true},
                         {tr("Left out"), tr("Entries that could not be used"), true}});
    std::vector<ValueRow> rows;
    if (const auto book = document().priceBook())
        rows.push_back({{},
                        {ValueCell::ofText(tr("Bundled with Perunit"), CellTone::Emphasis),
                         ValueCell::ofText(toQt(bundledCatalogue().asOf)), ValueCell::ofText(tr("its own dates")),
                         ValueCell::ofNumber(QString::number(bundledCatalogue().models.size()),
                                             static_cast<double>(bundledCatalogue().models.size())),
                         ValueCell::ofNumber(QStringLiteral("0"), 0, CellTone::Secondary)}});
    for (const AddedCatalogue &catalogue : document().state().catalogues) {
        rows.push_back({toQt(catalogue.file),
                        {ValueCell::ofText(toQt(catalogue.file), CellTone::Emphasis),
                         catalogue.content->asOf.empty() ? ValueCell::unknown(tr("the file has no dates"))
                                                         : ValueCell::ofText(toQt(catalogue.content->asOf)),
                         ValueCell::ofText(dayText(catalogue.effectiveFrom)),
                         ValueCell::ofNumber(QString::number(catalogue.content->models.size()),
                                             static_cast<double>(catalogue.content->models.size())),
                         ValueCell::ofNumber(QString::number(catalogue.issues->size()),
                                             static_cast<double>(catalogue.issues->size()),
                                             !catalogue.issues->empty() ? CellTone::Warning : CellTone::Secondary)}});
    }
    m_table->setRows(std::move(rows));
}

const Baseline::Resolution *PricesPage::selectedResolution() const
{
    const auto history = document().history();
    if (!history || m_kind->current() != QLatin1String("matching"))
        return nullptr;
    const auto &all = history->ledger->resolutions();
    const auto found = std::find_if(all.begin(), all.end(), [key = fromQt(m_table->currentKey())](const auto &each) {
        return each.provider + "\n" + each.recorded == key;
    });
    return found == all.end() ? nullptr : &*found;
}

void PricesPage::refreshInspector()
{
    const QString kind = m_kind->current();
    m_remove->setEnabled(kind == QLatin1String("added") && !m_table->currentKey().isEmpty());
    const Baseline::Resolution *resolution = selectedResolution();
    m_mapping->setVisible(resolution != nullptr);
    m_issues->hide();
    if (const AddedCatalogue *added = selectedCatalogue()) {
        showIssues(*added);
        return;
    }
    const auto book = document().priceBook();
    // How the ledger found its prices is said by the book that it was priced with.
    const PriceBook *shown = resolution ? &document().history()->ledger->book() : book.get();
    ModelIndex index;
    if (resolution) {
        index = resolution->match.model;
        m_match->setText(index.found() ? matchText(*resolution)
                                       : tr("'%1' has no price. Say which model it is, or add a catalogue that has it.")
                                             .arg(toQt(resolution->recorded)));
        showTargets(*resolution, index.found() ? fromQt(modelKeyText(shown->model(index).key)) : std::string());
    } else if (kind == QLatin1String("catalogue") && book) {
        for (std::size_t i = 0; i < book->modelCount(); ++i) {
            if (modelKeyText(book->model(ModelIndex{static_cast<std::int32_t>(i)}).key) == m_table->currentKey())
                index = ModelIndex{static_cast<std::int32_t>(i)};
        }
    }
    showModel(shown, index);
    if (resolution && !index.found())
        m_name->setText(toQt(resolution->recorded));
}

void PricesPage::showTargets(const Baseline::Resolution &resolution, const std::string &target)
{
    if (const auto book = document().priceBook(); m_targetBook != book) {
        m_targetBook = book;
        std::vector<ChoiceItem> items{
            {byItsName, tr("(by its name)"), tr("No choice of yours: as the catalogue names it")}};
        const std::vector<ChoiceItem> models = modelChoices(*book, nullptr);
        items.insert(items.end(), models.begin(), models.end());
        m_target->setItems(items);
    }
    m_target->setValue(resolution.match.rule == MatchRule::UserMapping ? target : std::string(byItsName));
}

const AddedCatalogue *PricesPage::selectedCatalogue() const
{
    if (m_kind->current() != QLatin1String("added"))
        return nullptr;
    const auto &all = document().state().catalogues;
    const auto found = std::find_if(
        all.begin(), all.end(), [name = fromQt(m_table->currentKey())](const auto &each) { return each.file == name; });
    return found == all.end() ? nullptr : &*found;
}

void PricesPage::showCatalogue(const QString &file)
{
    m_kind->setCurrent(QStringLiteral("added"));
    refresh();
    m_table->setCurrentKey(file);
    refreshInspector();
}

void PricesPage::showIssues(const AddedCatalogue &catalogue)
{
    m_name->setText(toQt(catalogue.file));
    m_facts->setText(
        tr("%1 models; %2 entries were left out.").arg(catalogue.content->models.size()).arg(catalogue.issues->size()));
    m_sources->clear();
    m_rates->hide();
    std::vector<ValueRow> rows;
    for (const CatalogueIssue &issue : *catalogue.issues) {
        ValueCell reason = ValueCell::ofText(toQt(issue.reason));
        reason.toolTip = reason.text;
        rows.push_back({QString::number(rows.size()), {ValueCell::ofText(toQt(issue.path)), reason}});
    }
    m_issues->setRows(std::move(rows));
    m_issues->show();
}

void PricesPage::showModel(const PriceBook *book, ModelIndex index)
{
    const bool found = index.found();
    m_rates->setVisible(found);
    if (!found) {
        m_name->setText(tr("Nothing selected"));
        m_facts->setText(tr("Select a model to see its prices over time and where they come from."));
        m_sources->clear();
        return;
    }
    const CatalogueModel &model = book->model(index);
    m_name->setText(model.displayName.empty() ? toQt(model.key.model) : toQt(model.displayName));
    QStringList facts{modelKeyText(model.key), tr("from %1").arg(toQt(book->catalogueOf(index)))};
    if (!model.aliases.empty()) {
        QStringList aliases;
        for (const std::string &alias : model.aliases)
            aliases << toQt(alias);
        facts << tr("also called %1").arg(aliases.join(QStringLiteral(", ")));
    }
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    std::vector<ValueRow> rows;
    QStringList sources;
    for (const Rate &rate : model.rates) {
        if (rows.size() >= mostRates)
            break;
        ValueCell from = ValueCell::ofText(dayText(rate.valid.from));
        from.sortNumber = static_cast<double>(rate.valid.from.micros);
        from.toolTip = rate.valid.to == alwaysAfter ? QString() : tr("until %1").arg(dayText(rate.valid.to));
        ValueCell when = ValueCell::ofText(conditionText(rate), CellTone::Secondary);
        when.toolTip = toQt(rate.note);
        rows.push_back(
            {toQt(rate.id), {from, when, rateCell(rate, UsageClass::Input), rateCell(rate, UsageClass::Output)}});
        const QString source =
            rate.checked.empty() ? toQt(rate.source) : tr("%1, checked %2").arg(toQt(rate.source), toQt(rate.checked));
        if (!rate.source.empty() && !sources.contains(source))
            sources << source;
    }
    m_rates->setRows(std::move(rows));
    m_sources->setText(sources.isEmpty() ? QString() : tr("Source: %1").arg(sources.join(QStringLiteral("; "))));
}

void PricesPage::mapSelected(const std::string &target)
{
    const Baseline::Resolution *resolution = selectedResolution();
    const std::size_t slash = target.find('/');
    if (!resolution || (slash == std::string::npos && target != byItsName))
        return;
    WorkspaceState next = document().state();
    std::erase_if(next.modelMappings, [resolution](const ModelMapping &mapping) {
        return mapping.provider == resolution->provider && mapping.model == resolution->recorded;
    });
    const QString name = toQt(resolution->recorded);
    if (target == byItsName) {
        document().edit(tr("Price %1 by its name").arg(name), std::move(next));
        return;
    }
    next.modelMappings.push_back(
        {resolution->provider, resolution->recorded, {target.substr(0, slash), target.substr(slash + 1)}});
    document().edit(tr("Price %1 as %2").arg(name, toQt(target)), std::move(next));
}

void PricesPage::removeCatalogue(const QString &file)
{
    WorkspaceState next = document().state();
    std::erase_if(next.catalogues, [name = fromQt(file)](const AddedCatalogue &each) { return each.file == name; });
    document().edit(tr("Remove prices %1").arg(file), std::move(next));
    window().showUndoable(tr("The prices of %1 are removed.").arg(file));
}

} // namespace perunit
