// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/own_figures.h"
#include "widgets/feedback/card.h"

#include <optional>
#include <string>
#include <vector>

class QGridLayout;
class QLabel;
class QPushButton;

namespace perunit {

class OpenNumberField;

/// Fields for what the user knows better than the catalogues: prices, throughput, replicas of one's own.
class OwnFiguresCard : public Card
{
    Q_OBJECT
public:
    explicit OwnFiguresCard(QWidget *parent = nullptr);

    /// `hint` says what to keep in mind; `source` says where the values of empty fields come from. Either may be empty.
    void show(const QString &title, const std::vector<OwnFigure> &figures, const QString &hint, const QString &source);
    /// Puts the cursor into the first field that is needed, else into the first one.
    void focusFirst();

signals:
    /// The user stated a figure, or left it open.
    void stated(const std::string &place, const std::string &name, std::optional<std::int64_t> value);
    /// Every figure that is shown is to be left open.
    void allLeftOpen();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Field {
        std::string place;
        std::string name;
        bool needed = false;
        OpenNumberField *widget = nullptr;
    };
    void rebuild(const std::vector<OwnFigure> &figures);
    void arrange();

    std::vector<Field> m_fields;
    QWidget *m_grid;
    QGridLayout *m_layout;
    QLabel *m_hint;
    QLabel *m_source;
    QPushButton *m_clear;
    int m_columns = 0;
};

} // namespace perunit
