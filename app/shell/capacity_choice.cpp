// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/capacity_choice.h"

#include "widgets/text/text.h"

namespace perunit {

namespace {

std::optional<std::int64_t> wholeNumber(const QJsonValue &value)
{
    // A number of a JSON file may have been written by anybody: only what is whole is taken.
    constexpr std::int64_t never = INT64_MIN;
    const qint64 whole = value.toInteger(never);
    return whole == never ? std::nullopt : std::optional<std::int64_t>(whole);
}

QJsonObject figuresJson(const std::map<std::string, StatedFigures> &figures)
{
    QJsonObject json;
    for (const auto &[key, stated] : figures) {
        QJsonObject values;
        for (const auto &[name, value] : stated)
            values.insert(toQt(name), static_cast<qint64>(value));
        json.insert(toQt(key), values);
    }
    return json;
}

} // namespace

std::string ownFiguresKey(const std::string &model, const std::string &offer)
{
    return offer.empty() ? model : model + " " + offer;
}

QJsonObject capacityChoiceJson(const CapacityChoice &choice)
{
    QJsonObject json;
    json.insert(QStringLiteral("model"), toQt(choice.model));
    json.insert(QStringLiteral("offer"), toQt(choice.offer));
    json.insert(QStringLiteral("term"), toQt(choice.term));
    if (choice.units)
        json.insert(QStringLiteral("units"), static_cast<qint64>(*choice.units));
    if (choice.outputUnits)
        json.insert(QStringLiteral("output_units"), static_cast<qint64>(*choice.outputUnits));
    json.insert(QStringLiteral("bin"), choice.binSeconds);
    if (!choice.figures.empty())
        json.insert(QStringLiteral("figures"), figuresJson(choice.figures));
    return json;
}

CapacityChoice readCapacityChoice(const QJsonObject &json)
{
    CapacityChoice choice;
    choice.model = fromQt(json.value(QStringLiteral("model")).toString());
    choice.offer = fromQt(json.value(QStringLiteral("offer")).toString());
    choice.term = fromQt(json.value(QStringLiteral("term")).toString());
    choice.units = wholeNumber(json.value(QStringLiteral("units")));
    choice.outputUnits = wholeNumber(json.value(QStringLiteral("output_units")));
    choice.binSeconds = json.value(QStringLiteral("bin")).toInt(CapacityChoice().binSeconds);
    const QJsonObject figures = json.value(QStringLiteral("figures")).toObject();
    for (auto key = figures.begin(); key != figures.end(); ++key) {
        const QJsonObject values = key.value().toObject();
        for (auto value = values.begin(); value != values.end(); ++value) {
            if (const auto whole = wholeNumber(value.value()))
                choice.figures[fromQt(key.key())][fromQt(value.key())] = *whole;
        }
    }
    return choice;
}

} // namespace perunit
