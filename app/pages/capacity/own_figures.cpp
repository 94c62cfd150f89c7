// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/own_figures.h"

#include "model/capacity/capacity_setup.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace perunit {

namespace {

constexpr std::int64_t perCurrency = 1'000'000'000; ///< money in fields is kept in 10^-9
constexpr std::int64_t femtoPerField = 1'000'000;
constexpr std::int64_t conventionalHours = 730;

constexpr std::string_view price = "price";
constexpr std::string_view tokens = "tokens_per_minute";
constexpr std::string_view outputTokens = "output_tokens_per_minute";
constexpr std::string_view outputWeight = "output_weight";
constexpr std::string_view minimum = "minimum_units";
constexpr std::string_view step = "step_units";
constexpr std::string_view depth = "depth_seconds";
constexpr std::string_view declared = "declared_output";
constexpr std::string_view speed = "tokens_per_second";
constexpr std::string_view replicaHour = "price_per_hour";
constexpr std::string_view utilisation = "maximum_utilisation";
constexpr std::string_view hours = "hours_per_day";
constexpr std::string_view days = "days_per_week";
constexpr std::string_view firstHour = "first_hour";
constexpr std::string_view people = "people_per_month";
constexpr std::string_view replicas = "minimum_replicas";

/// Ranges of all figures; what is computed with any of them stays within what the engine can hold.
const std::vector<ParameterSpec> &figureSpecs()
{
    static const std::vector<ParameterSpec> specs{
        {price, "", ParameterUnit::Money, 0, 6'000'000 * perCurrency, 0, "", {}, 1000 * perCurrency},
        {tokens, "", ParameterUnit::Count, 1, 1'000'000'000, 0, "", {}, 100'000},
        {outputTokens, "", ParameterUnit::Count, 1, 1'000'000'000, 0, "", {}, 100'000},
        {outputWeight, "", ParameterUnit::Decimal, 0, 1000 * onePpm, 0, "", {}, 10 * onePpm},
        {minimum, "", ParameterUnit::Count, 1, 100'000, 0, "", {}, 100},
        {step, "", ParameterUnit::Count, 1, 10'000, 0, "", {}, 100},
        {depth, "", ParameterUnit::Count, 1, 3600, 0, "", {}, 60},
        {declared, "", ParameterUnit::Count, 1, 10'000'000, 0, "", {}, 4096},
        {speed, "", ParameterUnit::Count, 1, 10'000'000, 0, "", {}, 4000},
        // A price of nothing would leave the people out, whose share is found by it.
        {replicaHour, "", ParameterUnit::Money, perCurrency / 10'000, 9000 * perCurrency, 0, "", {}, 10 * perCurrency},
        {utilisation, "", ParameterUnit::Share, onePpm / 100, onePpm, 0, "", {}, onePpm},
        {hours, "", ParameterUnit::Decimal, onePpm / 4, 24 * onePpm, 0, "", {}, 24 * onePpm},
        {days, "", ParameterUnit::Count, 1, 7, 0, "", {}, 7},
        {firstHour, "", ParameterUnit::Count, 0, 23, 0, "", {}, 23},
        {people, "", ParameterUnit::Money, 0, 100'000'000 * perCurrency, 0, "", {}, 50'000 * perCurrency},
        {replicas, "", ParameterUnit::Count, 1, 10'000, 0, "", {}, 10}};
    return specs;
}

const ParameterSpec &specOf(std::string_view name)
{
    const auto &specs = figureSpecs();
    return *std::find_if(specs.begin(), specs.end(), [name](const ParameterSpec &each) { return each.name == name; });
}

QString tr(const char *text)
{
    return QCoreApplication::translate("Capacity", text);
}

/// The name of a price: it is that of one term.
std::string priceOf(const std::string &term)
{
    return std::string(price) + "/" + term;
}

/// A figure that was stated and can be.
std::optional<std::int64_t> statedAt(const CapacityChoice &choice, const std::string &place, std::string_view name)
{
    const auto figures = choice.figures.find(place);
    if (figures == choice.figures.end())
        return std::nullopt;
    const auto value = figures->second.find(std::string(name));
    const ParameterSpec &spec = specOf(name.substr(0, name.find('/')));
    if (value == figures->second.end() || value->second < spec.minimum || value->second > spec.maximum)
        return std::nullopt;
    return value->second;
}

std::optional<std::int64_t> stated(const CapacityChoice &choice, std::string_view name)
{
    return statedAt(choice, ownFiguresKey(choice.model, choice.offer), name);
}

Femto moneyOf(std::int64_t field)
{
    return Femto::ofUnits(Int128{field} * femtoPerField);
}

/// From midnight to midnight: the hours of a day that replicas run cannot begin on one and end on the next.
bool fitsIntoDay(const CapacityChoice &choice)
{
    return stated(choice, hours).value_or(24 * onePpm) + stated(choice, firstHour).value_or(0) * onePpm <= 24 * onePpm;
}

std::optional<CapacityQuestion::Endpoint> endpointOf(const CapacityChoice &choice)
{
    const auto perSecond = stated(choice, speed);
    const auto perHour = stated(choice, replicaHour);
    if (!perSecond || !perHour || !fitsIntoDay(choice))
        return std::nullopt;
    CapacityQuestion::Endpoint endpoint;
    endpoint.outputTokensPerSecond = *perSecond;
    endpoint.pricePerHour = moneyOf(*perHour);
    endpoint.maximumUtilisation = stated(choice, utilisation).value_or(endpoint.maximumUtilisation);
    endpoint.hoursPerDay = stated(choice, hours).value_or(endpoint.hoursPerDay);
    endpoint.daysPerWeek = static_cast<int>(stated(choice, days).value_or(endpoint.daysPerWeek));
    endpoint.firstHour = static_cast<int>(stated(choice, firstHour).value_or(endpoint.firstHour));
    endpoint.peoplePerMonth = moneyOf(stated(choice, people).value_or(0));
    endpoint.minimumReplicas = stated(choice, replicas).value_or(endpoint.minimumReplicas);
    return endpoint;
}

/// Makes the fields of a choice one by one.
class FieldList
{
public:
    FieldList(const PriceBook &book, const CapacityChoice &choice)
        : m_choice(choice)
        , m_currency(toQt(book.currency()))
    {}

    OwnFigure &add(const std::string &name, const QString &label, const QString &help, const QString &otherwise = {})
    {
        OwnFigure figure;
        figure.place = ownFiguresKey(m_choice.model, m_choice.offer);
        figure.name = name;
        figure.label = label;
        figure.help = help;
        const ParameterSpec &spec = specOf(std::string_view(name).substr(0, name.find('/')));
        figure.scale = ParameterScale(spec);
        if (spec.unit == ParameterUnit::Money)
            figure.scale.setUnitName(m_currency);
        figure.otherwise = otherwise;
        figure.value = statedAt(m_choice, figure.place, name);
        m_figures.push_back(std::move(figure));
        return m_figures.back();
    }
    OwnFigure &add(std::string_view name, const QString &label, const QString &help, std::int64_t otherwise)
    {
        OwnFigure &figure = add(std::string(name), label, help);
        figure.otherwise = figure.scale.numberText(otherwise, QLocale());
        return figure;
    }
    /// A figure of the requests, whatever the offer.
    void addOfRequests(std::string_view name, const QString &label, const QString &help, const QString &otherwise)
    {
        OwnFigure &figure = add(std::string(name), label, help, otherwise);
        figure.place = ownFiguresKey(m_choice.model, {});
        figure.value = statedAt(m_choice, figure.place, name);
    }
    std::vector<OwnFigure> take() { return std::move(m_figures); }

private:
    const CapacityChoice &m_choice;
    QString m_currency;
    std::vector<OwnFigure> m_figures;
};

void addReplicaFigures(const CapacityChoice &choice, FieldList &fields)
{
    fields.add(std::string(speed), tr("Output tokens a second of a replica"),
               tr("Measured at the prompt and answer lengths of this traffic, with all requests that a replica answers "
                  "at once"),
               tr("to be measured"));
    fields.add(std::string(replicaHour), tr("Price of a replica, an hour"),
               tr("All GPUs of one replica, with machine and storage"), tr("to be stated"));
    fields.add(utilisation, tr("Highest utilisation"),
               tr("Share of the measured rate to plan with: full speed leaves no room for quick answers"), onePpm);
    fields.add(replicas, tr("Fewest replicas"), tr("For redundancy, also when one would do"), 1);
    fields.add(people, tr("People, a month"), tr("Who runs the endpoint; paid once, for any number of replicas"), 0);
    fields.add(hours, tr("Hours a day"), tr("In which replicas run and are paid"), 24 * onePpm);
    OwnFigure &first = fields.add(firstHour, tr("First hour of the day, UTC"),
                                  tr("In which replicas start; what arrives outside their hours is pay-as-you-go"), 0);
    if (!fitsIntoDay(choice))
        first.problem = tr("They would run beyond midnight, which cannot be calculated: let them start earlier or run "
                           "fewer hours.");
    fields.add(days, tr("Days a week"), tr("From Monday on"), 7);
}

QString monthlyPrice(const ProvisionedOffer &offer, const std::string &term, Instant at)
{
    const ProvisionedTerm *found = nullptr;
    for (const ProvisionedTerm &each : offer.terms) {
        if (each.term == term && each.priceKnown && each.valid.contains(at))
            found = &each;
    }
    if (!found)
        return {};
    const Int128 field = divideHalfEven(monthlyFemto(*found, conventionalHours), femtoPerField);
    return ParameterScale(specOf(price)).numberText(static_cast<std::int64_t>(field), QLocale());
}

void addOfferFigures(const PriceBook &book, const CapacityChoice &choice, const ProvisionedOffer &offer, Instant at,
                     FieldList &fields)
{
    const QString unit = toQt(offer.unitName);
    const QString unknown = tr("not public");
    const ModelKey key = modelKeyOf(choice.model);
    const ModelIndex model = book.resolve(key.provider, key.model).model;
    const ProvisionedThroughput *known = model.found() ? throughputFor(offer, book, model, at) : nullptr;
    const ProvisionedThroughput facts = known ? *known : ProvisionedThroughput{};
    const auto countOr = [&](std::int64_t value) {
        return value > 0 ? ParameterScale(specOf(tokens)).numberText(value, QLocale()) : unknown;
    };
    const QString listed = monthlyPrice(offer, choice.term, at);
    fields.add(priceOf(choice.term), tr("Price of a unit, a month"),
               tr("What you pay for one %1 in a month of 730 hours, on this term").arg(unit),
               listed.isEmpty() ? unknown : listed);
    if (offer.unitName.find("dollar") != 0) {
        fields.add(std::string(tokens),
                   offer.separateOutputUnits ? tr("Input tokens a minute of a unit") : tr("Tokens a minute of a unit"),
                   tr("Load that one %1 serves in a minute for this model, in input tokens").arg(unit),
                   countOr(facts.inputTokensPerMinute));
        if (offer.separateOutputUnits)
            fields.add(std::string(outputTokens), tr("Output tokens a minute of a unit"),
                       tr("Output tokens that one %1 for output serves in a minute").arg(unit),
                       countOr(facts.outputTokensPerMinute));
        else
            fields.add(std::string(outputWeight), tr("Input tokens an output token weighs"),
                       tr("How much more of a unit an output token takes than an input token"),
                       known && facts.weightsKnown
                           ? ParameterScale(specOf(outputWeight)).numberText(facts.outputWeight, QLocale())
                           : unknown);
    }
    fields.add(minimum, tr("Fewest units sold"), tr("The smallest number of units that can be bought"),
               std::max<std::int64_t>(facts.minimumUnits, 1));
    fields.add(step, tr("Sold in steps of"), tr("By how many units a purchase can be larger than the smallest one"),
               std::max<std::int64_t>(facts.stepUnits, 1));
    if (offer.separateOutputUnits || offer.unitName.find("dollar") == 0)
        return;
    if (offer.unitName != "GSU")
        fields.addOfRequests(depth, tr("Bucket of single requests, s"),
                             tr("How many seconds of its rate a unit lets through at once; no provider publishes it. "
                                "Changes the spill of single requests only, not the size"),
                             QStringLiteral("60"));
    fields.addOfRequests(declared, tr("Declared output (max_tokens)"),
                         tr("Providers reserve for the output that a request declares until it has ended. Changes the "
                            "spill of single requests only, not the size"),
                         tr("what each takes"));
}

CapacityQuestion askedFor(const CapacityChoice &choice)
{
    CapacityQuestion question;
    question.model = choice.model;
    question.offer = choice.offer;
    question.term = choice.term;
    return question;
}

void applyFigures(const CapacityChoice &choice, CapacityQuestion &question)
{
    if (isOwnReplicas(choice.offer)) {
        question.endpoint = endpointOf(choice);
        return;
    }
    if (const auto value = stated(choice, priceOf(choice.term)))
        question.pricePerMonth = moneyOf(*value);
    question.tokensPerMinute = stated(choice, tokens).value_or(0);
    question.outputTokensPerMinute = stated(choice, outputTokens).value_or(0);
    question.outputWeight = stated(choice, outputWeight);
    question.minimumUnits = stated(choice, minimum);
    question.stepUnits = stated(choice, step);
}

bool isNeeded(const std::vector<std::string> &needed, const std::string &name)
{
    return std::find(needed.begin(), needed.end(), name) != needed.end();
}

/// Figures without which a choice cannot be set up. No value: it cannot be with all of them.
Result<std::vector<std::string>> neededNames(const PriceBook &book, const CapacityChoice &choice, Instant at)
{
    std::vector<std::string> needed;
    if (isOwnReplicas(choice.offer)) {
        for (const std::string_view name : {speed, replicaHour}) {
            if (!stated(choice, name))
                needed.emplace_back(name);
        }
        return needed;
    }
    CapacityQuestion question = askedFor(choice);
    applyFigures(choice, question);
    if (setUpCapacity(book, question, at))
        return needed;
    const ProvisionedOffer *offer = book.offer(choice.offer);
    std::vector<std::string> open;
    for (const std::string &name :
         {priceOf(choice.term), std::string(tokens), std::string(outputTokens), std::string(outputWeight)}) {
        const bool split = offer && offer->separateOutputUnits;
        const bool asked = name == outputTokens ? split : name == outputWeight ? !split : true;
        if (asked && !stated(choice, name))
            open.push_back(name);
    }
    // The rules of what can be calculated are those of the engine: it is asked with every open figure filled in, and
    // with all but one.
    const auto withAllBut = [&](const std::string &left) {
        CapacityChoice filled = choice;
        StatedFigures &figures = filled.figures[ownFiguresKey(choice.model, choice.offer)];
        for (const std::string &name : open) {
            if (name != left)
                figures[name] = onePpm;
        }
        CapacityQuestion asked = askedFor(filled);
        applyFigures(filled, asked);
        return setUpCapacity(book, asked, at);
    };
    if (auto setup = withAllBut({}); !setup)
        return setup.error();
    for (const std::string &name : open) {
        if (!withAllBut(name))
            needed.push_back(name);
    }
    return needed;
}

} // namespace

bool isOwnReplicas(const std::string &offer)
{
    return offer == endpointOffer;
}

QString offerText(const PriceBook &book, const std::string &offer)
{
    if (isOwnReplicas(offer))
        return tr("Own replicas (GPU endpoint)");
    const ProvisionedOffer *found = book.offer(offer);
    return toQt(found ? found->name : offer);
}

QString ownFiguresHint(const PriceBook &book, const CapacityChoice &choice, bool missing)
{
    if (isOwnReplicas(choice.offer))
        return tr(
            "Measure the output tokens a second at the prompt and answer lengths of this traffic: the same GPU wrote "
            "2,209 a second with prompts of 1,000 tokens and 398 with prompts of 8,192. One number for all lengths "
            "is the commonest error.");
    const ProvisionedOffer *offer = book.offer(choice.offer);
    return missing && offer ? toQt(offer->note) : QString();
}

QString ownFiguresSource(const PriceBook &book, const CapacityChoice &choice)
{
    const ProvisionedOffer *offer = book.offer(choice.offer);
    if (!offer)
        return {};
    return tr("Empty fields are as the catalogue of %1 has them: %2.").arg(toQt(offer->checked), toQt(offer->source));
}

std::vector<std::string> termsOf(const PriceBook &book, const std::string &offer, Instant at)
{
    if (isOwnReplicas(offer))
        return {"hourly"};
    std::vector<std::string> terms;
    const ProvisionedOffer *found = book.offer(offer);
    for (const bool known : {true, false}) {
        for (const ProvisionedTerm &term : found ? found->terms : std::vector<ProvisionedTerm>{}) {
            const bool listed = std::find(terms.begin(), terms.end(), term.term) != terms.end();
            if (!listed && term.priceKnown == known && term.valid.contains(at))
                terms.push_back(term.term);
        }
    }
    return terms;
}

std::vector<OwnFigure> ownFigures(const PriceBook &book, const CapacityChoice &choice, Instant at)
{
    FieldList fields(book, choice);
    if (isOwnReplicas(choice.offer))
        addReplicaFigures(choice, fields);
    else if (const ProvisionedOffer *offer = book.offer(choice.offer))
        addOfferFigures(book, choice, *offer, at, fields);
    std::vector<OwnFigure> figures = fields.take();
    if (const auto needed = neededNames(book, choice, at)) {
        for (OwnFigure &figure : figures)
            figure.needed = isNeeded(*needed, figure.name);
    }
    return figures;
}

MissingFigures missingFigures(const PriceBook &book, const CapacityChoice &choice, Instant at)
{
    MissingFigures missing;
    const auto needed = neededNames(book, choice, at);
    if (!needed) {
        missing.hopeless = needed.error();
        return missing;
    }
    if (needed->empty() && (!isOwnReplicas(choice.offer) || fitsIntoDay(choice)))
        return missing;
    for (const OwnFigure &figure : ownFigures(book, choice, at)) {
        if (figure.needed || !figure.problem.isEmpty())
            missing.labels << figure.label;
    }
    return missing;
}

CapacityQuestion questionOf(const CapacityChoice &choice)
{
    CapacityQuestion question = askedFor(choice);
    question.units = choice.units;
    question.binSeconds = choice.binSeconds;
    applyFigures(choice, question);
    const std::string requests = ownFiguresKey(choice.model, {});
    if (const auto seconds = statedAt(choice, requests, depth))
        question.depthSeconds = static_cast<int>(*seconds);
    question.declaredOutput = statedAt(choice, requests, declared).value_or(0);
    return question;
}

QStringList statedFigures(const PriceBook &book, const CapacityChoice &choice, Instant at)
{
    QStringList texts;
    for (const OwnFigure &figure : ownFigures(book, choice, at)) {
        if (figure.value)
            texts << QStringLiteral("%1: %2").arg(figure.label, figure.scale.text(*figure.value, QLocale()));
    }
    return texts;
}

} // namespace perunit
