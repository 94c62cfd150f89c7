// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"

#include <QLocale>
#include <QString>

#include <cstdint>
#include <optional>

namespace perunit {

/// How the integer of a numeric parameter appears on its slider and in its field. All conversions between
/// value and text are exact; only slider positions are rounded, to steps that people would type.
class ParameterScale
{
public:
    static constexpr int positions = 1000; ///< a slider goes from 0 to this

    ParameterScale() = default;
    /// For Units, `minimum`, `step` and `sliderMaximum` describe the offer; they are ignored otherwise.
    explicit ParameterScale(const ParameterSpec &spec, std::int64_t minimumUnits = 1, std::int64_t stepUnits = 1,
                            std::int64_t sliderMaximum = 0);

    /// Whole range that may be typed.
    [[nodiscard]] std::int64_t minimum() const { return m_minimum; }
    [[nodiscard]] std::int64_t maximum() const { return m_maximum; }
    /// Range of the slider: share 0–100 %, factor ×0.25–×4 (logarithmic), growth −10–+20 %, units from 0, others up to
    /// the usual value of their parameter.
    [[nodiscard]] std::int64_t sliderMinimum() const { return m_sliderMinimum; }
    [[nodiscard]] std::int64_t sliderMaximum() const { return m_sliderMaximum; }
    /// Position on the slider; values beyond its range stand at its ends.
    [[nodiscard]] int positionOf(std::int64_t value) const;
    /// Value at a position, on the grid of the scale (1 %, ×0.05, 0.5 % a month, one step of the offer).
    [[nodiscard]] std::int64_t valueAt(int position) const;
    /// Next value on the grid, `steps` further; stays within what may be typed.
    [[nodiscard]] std::int64_t stepped(std::int64_t value, int steps) const;

    /// "62.5", without unit, all digits that the value has; money with none or at least two decimals.
    [[nodiscard]] QString numberText(std::int64_t value, const QLocale &locale) const;
    /// "62.5 %", "×1.6", "+2 % a month", "110 PTU".
    [[nodiscard]] QString text(std::int64_t value, const QLocale &locale) const;
    [[nodiscard]] QString prefix() const;
    [[nodiscard]] QString suffix() const;
    /// Name of a unit of the offer, or the code of the currency.
    void setUnitName(const QString &name) { m_unitName = name; }
    /// Reads what was typed, with or without its unit. Empty when it is no number, or finer than a millionth.
    [[nodiscard]] std::optional<std::int64_t> read(const QString &text, const QLocale &locale) const;
    /// Why a value cannot be taken, as a sentence; empty when it can.
    [[nodiscard]] QString refusal(std::int64_t value, const QLocale &locale) const;

private:
    [[nodiscard]] int decimals() const;
    [[nodiscard]] std::int64_t snapped(std::int64_t value) const;

    ParameterUnit m_unit = ParameterUnit::Share;
    std::int64_t m_minimum = 0;
    std::int64_t m_maximum = 0;
    std::int64_t m_sliderMinimum = 0;
    std::int64_t m_sliderMaximum = 0;
    std::int64_t m_grid = 1;
    std::int64_t m_firstUnits = 1;
    QString m_unitName;
};

} // namespace perunit
