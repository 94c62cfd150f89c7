// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/row_filter.h"
#include "widgets/inputs/choices.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace perunit {

class ScopeEdit;
class SearchField;
class ValueSetEdit;

/// What limits a list of rows: text, days, source, dimensions, cost, without price. Shows the filter that it is given
/// and emits the one that the user wants.
class RowFilterBar : public QWidget
{
    Q_OBJECT
public:
    explicit RowFilterBar(QWidget *parent = nullptr);

    [[nodiscard]] const RowFilter &filter() const { return m_filter; }
    /// Shows a filter without emitting.
    void setFilter(const RowFilter &filter);
    /// Values of the dimensions to offer; rows without a value are offered for each.
    void setValues(ScopeValues values);
    /// Files to choose from; none: the rows do not know their source.
    void setSources(const std::vector<ChoiceItem> &sources);
    /// What "only without price" means for the rows at hand.
    void setUnpricedText(const QString &text);
    [[nodiscard]] SearchField *search() const { return m_text; }

signals:
    void filterEdited(const perunit::RowFilter &filter);

private:
    QWidget *buildFields();
    QLineEdit *newField(const QString &name, const QString &placeholder, int letters);
    void show();
    void takeDays();
    void takeCosts();
    void change(RowFilter next);

    RowFilter m_filter;
    SearchField *m_text = nullptr;
    QLineEdit *m_from = nullptr;
    QLineEdit *m_to = nullptr;
    QLineEdit *m_least = nullptr;
    QLineEdit *m_most = nullptr;
    ValueSetEdit *m_sources = nullptr;
    QCheckBox *m_unpriced = nullptr;
    ScopeEdit *m_scope = nullptr;
    QPushButton *m_clear = nullptr;
    QLabel *m_problem = nullptr;
};

} // namespace perunit
