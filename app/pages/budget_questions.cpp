// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/budget_questions.h"

#include "app/pages/import_questions.h"
#include "app/pages/page_layout.h"
#include "widgets/theme/theme.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QLabel>
#include <QVBoxLayout>

namespace perunit {

namespace {

constexpr int leastWidth = 560;

} // namespace

BudgetQuestions::BudgetQuestions(const QString &file, const ReadingAnswers &said,
                                 const std::vector<ImportQuestion> &questions, QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Import budget"));
    setMinimumWidth(leastWidth);
    auto *rows = new QVBoxLayout(this);
    rows->setSpacing(Theme::space3);
    QLabel *text = newLabel(tr("%1 can be read in two ways. What you say is remembered for files with these columns.")
                                .arg(QFileInfo(file).fileName()),
                            "body", this);
    text->setWordWrap(true);
    rows->addWidget(text);
    auto *card = new ImportQuestionsCard(this);
    card->setQuestions(questions, {});
    connect(card, &ImportQuestionsCard::answered, this,
            [this, answers = said](ImportQuestion::Kind kind, const std::string &answer) mutable {
                (kind == ImportQuestion::Kind::DecimalMark ? answers.decimalMark : answers.dateOrder) = answer;
                accept();
                emit answered(answers);
            });
    rows->addWidget(card);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    rows->addWidget(buttons);
}

} // namespace perunit
