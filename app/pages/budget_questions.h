// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/import_question.h"

#include <QDialog>

#include <vector>

namespace perunit {

/// Asks what the table of a budget leaves open about its numbers and dates. Nothing of it is kept before.
class BudgetQuestions : public QDialog
{
    Q_OBJECT
public:
    /// `said` is what was answered before; the answers to `questions` are added to it.
    BudgetQuestions(const QString &file, const ReadingAnswers &said, const std::vector<ImportQuestion> &questions,
                    QWidget *parent = nullptr);

signals:
    /// The first answer closes the dialog: what else is open shows with it.
    void answered(const perunit::ReadingAnswers &answers);
};

} // namespace perunit
