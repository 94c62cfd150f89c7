// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_outcomes.h"
#include "widgets/print/report_files.h"
#include "widgets/print/report_pages.h"

#include <QFile>
#include <QImage>
#include <QPainter>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace perunit;
using samples::usd;

namespace {

/// Output of one of the poppler tools; the caller has made sure that it is there.
QString toolOutput(const QString &tool, const QStringList &arguments)
{
    QProcess process;
    process.start(tool, arguments);
    if (!process.waitForFinished(60'000))
        return QStringLiteral("did not finish");
    return QString::fromUtf8(process.readAllStandardOutput());
}

#define REQUIRE_TOOL(name)                                                                                             \
    do {                                                                                                               \
        if (QStandardPaths::findExecutable(QStringLiteral(name)).isEmpty())                                            \
            QSKIP(name " is not installed");                                                                           \
    } while (false)

ReportDocument longTable()
{
    ReportDocument document;
    document.title = "A long table";
    document.footer = "engine 1";
    ReportTable table;
    table.title = "All rows";
    table.header = {"Name", "Amount", "Remark"};
    table.rightAligned = {false, true, false};
    for (int i = 1; i <= 120; ++i)
        table.rows.push_back(
            {"row " + std::to_string(i), std::to_string(i * 1000), i == 60 ? std::string(6000, 'x') : ""});
    document.blocks.emplace_back(ReportHeading{"Heading above the table"});
    document.blocks.emplace_back(table);
    return document;
}

} // namespace

class TestPdfReport : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void textCanBeFound();
    void fontsAreInsideAndNothingIsAPicture();
    void everyLabelOfAChartIsThere();
    void tablesRepeatTheirHeader();
    void headingsStayWithWhatFollows();
    void noRowStandsAlone();
    void heatMapsAreDrawn();
    void previewIsThePage();
    void papers_data();
    void papers();
    void figureFiles();
    void sameReportSameFile();
    void failuresAreReported();

private:
    QString path(const char *name) const { return m_folder.filePath(QLatin1String(name)); }
    QTemporaryDir m_folder;
};

void TestPdfReport::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QVERIFY(writeReportPdf(comparisonReport(samples::comparison()), path("report.pdf")).ok());
    QVERIFY(writeReportPdf(longTable(), path("table.pdf")).ok());
}

void TestPdfReport::textCanBeFound()
{
    REQUIRE_TOOL("pdftotext");
    const QString text = toolOutput("pdftotext", {"-layout", path("report.pdf"), "-"});
    for (const QString expected :
         {"Support, autumn", "Total, Baseline", "$25,500", "Route + cache", "\u221267.2 %", "Cost per conversation",
          "Assumptions", "60 %", "anthropic/claude-haiku-4-5", "Pilot of September", "How this was computed", "Checks",
          "FAILED", "5 tokens too many", "3,214,567", "prices as of 2026-05-30"})
        QVERIFY2(text.contains(expected), qPrintable(expected));
    const qsizetype pages = text.count('\f');
    QVERIFY(pages >= 3);
    for (qsizetype page = 1; page <= pages; ++page)
        QVERIFY(text.contains(QStringLiteral("Page %1 of %2").arg(page).arg(pages)));
    REQUIRE_TOOL("pdfinfo");
    const QString info = toolOutput("pdfinfo", {path("report.pdf")});
    QVERIFY(info.contains(QRegularExpression("Title:\\s+Support, autumn")));
    QVERIFY(info.contains(QRegularExpression("Creator:\\s+Perunit")));
}

void TestPdfReport::fontsAreInsideAndNothingIsAPicture()
{
    REQUIRE_TOOL("pdffonts");
    const QStringList fonts = toolOutput("pdffonts", {path("report.pdf")}).trimmed().split('\n').mid(2);
    QVERIFY(!fonts.isEmpty());
    for (const QString &font : fonts)
        QVERIFY2(font.contains(QRegularExpression("\\s+yes\\s+(yes|no)\\s+yes\\s+\\d+\\s+\\d+$")), qPrintable(font));
    const QStringList images = toolOutput("pdfimages", {"-list", path("report.pdf")}).trimmed().split('\n').mid(2);
    QVERIFY2(images.isEmpty(), qPrintable(images.join('\n')));
}

void TestPdfReport::everyLabelOfAChartIsThere()
{
    REQUIRE_TOOL("pdftotext");
    Bridge bridge = samples::bridge();
    for (const char *name : {"Batch processing", "Provisioned throughput", "Longer answers", "Volume"})
        bridge.parts.push_back({name, name, usd("-250"), usd("-250"), usd("-250"), {}, {}});
    bridge.end += usd("-1000");
    const Figure figure = bridgeWaterfall(bridge, "USD");
    QVERIFY(writeFigurePdf(figure, path("figure.pdf")).ok());
    const QString text = toolOutput("pdftotext", {path("figure.pdf"), "-"}).simplified();
    for (const std::string &category : figure.categories) {
        for (const QString &word : QString::fromStdString(category).split(' '))
            QVERIFY2(text.contains(word), category.c_str());
    }
    for (const FigurePoint &point : figure.series[0].points)
        QVERIFY2(text.contains(QString::fromStdString(point.label)), point.label.c_str());
    for (const QString tick : {"0", "10k", "20k", "30k"})
        QVERIFY2(text.contains(tick), qPrintable(tick));
    QVERIFY(text.contains("Model routing saves $10.9k"));
}

void TestPdfReport::tablesRepeatTheirHeader()
{
    REQUIRE_TOOL("pdftotext");
    const QString text = toolOutput("pdftotext", {"-layout", path("table.pdf"), "-"});
    const QStringList pages = text.split('\f', Qt::SkipEmptyParts);
    QVERIFY(pages.size() >= 3);
    for (const QString &page : pages)
        QVERIFY2(page.contains(QRegularExpression("Name\\s+Amount\\s+Remark")), qPrintable(page));
    for (int row = 1; row <= 120; ++row)
        QCOMPARE(text.count(QRegularExpression(QStringLiteral("row %1\\s+%2\\b").arg(row).arg(row * 1000))), 1);
    // The cell that is longer than a page is cut between lines, and nothing of it is lost.
    QCOMPARE(text.count('x'), 6000);
}

void TestPdfReport::headingsStayWithWhatFollows()
{
    REQUIRE_TOOL("pdftotext");
    for (int lines = 30; lines < 75; lines += 3) {
        ReportDocument document;
        std::string filler = "first";
        for (int i = 0; i < lines; ++i)
            filler += "\nline " + std::to_string(i);
        document.blocks.emplace_back(ReportParagraph{filler, false});
        document.blocks.emplace_back(ReportHeading{"The heading"});
        ReportTable table;
        table.title = "The title";
        table.header = {"Column"};
        table.rows = {{"The first row"}, {"The second row"}};
        document.blocks.emplace_back(table);
        QVERIFY(writeReportPdf(document, path("keep.pdf")).ok());
        for (const QString &page : toolOutput("pdftotext", {path("keep.pdf"), "-"}).split('\f')) {
            QCOMPARE(page.contains("The heading"), page.contains("The first row"));
            QCOMPARE(page.contains("The title"), page.contains("The first row"));
            QCOMPARE(page.contains("The second row"), page.contains("The first row"));
        }
    }
}

void TestPdfReport::noRowStandsAlone()
{
    REQUIRE_TOOL("pdftotext");
    for (int lines = 20; lines < 60; lines += 2) {
        ReportDocument document;
        std::string filler = "first";
        for (int i = 0; i < lines; ++i)
            filler += "\nline " + std::to_string(i);
        document.blocks.emplace_back(ReportParagraph{filler, false});
        ReportTable table;
        table.header = {"Column"};
        for (int row = 1; row <= 30; ++row)
            table.rows.push_back({"row " + std::to_string(row)});
        document.blocks.emplace_back(table);
        QVERIFY(writeReportPdf(document, path("rows.pdf")).ok());
        for (const QString &page : toolOutput("pdftotext", {path("rows.pdf"), "-"}).split('\f'))
            QVERIFY2(page.count("row ") != 1, qPrintable(page));
    }
}

void TestPdfReport::heatMapsAreDrawn()
{
    ReportHeatMap map;
    map.title = "Most comes late";
    map.subtitle = "by hour";
    map.rows = {"Mon", "Tue"};
    map.columns = {"00", "12"};
    map.cells = {{0.1, "0.4", false}, {1, "4.2", false}, {0, "", true}, {0.5, "2.1", false}};
    map.lowest = "0";
    map.highest = "4.2 PTU";
    ReportDocument document;
    document.blocks.emplace_back(map);
    QVERIFY(writeReportPdf(document, path("map.pdf")).ok());
    REQUIRE_TOOL("pdftotext");
    const QString text = toolOutput("pdftotext", {path("map.pdf"), "-"});
    for (const QString expected : {"Most comes late", "by hour", "Mon", "Tue", "00", "12", "0.4", "2.1", "4.2 PTU"})
        QVERIFY2(text.contains(expected), qPrintable(expected));
    const QStringList images = toolOutput("pdfimages", {"-list", path("map.pdf")}).trimmed().split('\n').mid(2);
    QVERIFY2(images.isEmpty(), qPrintable(images.join('\n')));
}

void TestPdfReport::previewIsThePage()
{
    const ReportPages pages(comparisonReport(samples::comparison()));
    QVERIFY(pages.count() >= 3);
    for (int page = 0; page < pages.count(); ++page) {
        QImage image(pages.pageSize().toSize(), QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        pages.paintPage(painter, page);
        painter.end();
        // Margins stay white: nothing runs over the edge of the sheet.
        for (int y = 0; y < image.height(); ++y) {
            for (const int x : {4, 40, image.width() - 40, image.width() - 4})
                QCOMPARE(image.pixelColor(x, y), QColor(Qt::white));
        }
        QImage blank(image.size(), QImage::Format_RGB32);
        blank.fill(Qt::white);
        QVERIFY(image != blank);
    }
}

void TestPdfReport::papers_data()
{
    QTest::addColumn<int>("paper");
    QTest::addColumn<QString>("size");
    QTest::newRow("A4") << static_cast<int>(QPageSize::A4) << "595 x 842 pts \\(A4\\)";
    QTest::newRow("Letter") << static_cast<int>(QPageSize::Letter) << "612 x 792 pts \\(letter\\)";
}

void TestPdfReport::papers()
{
    REQUIRE_TOOL("pdfinfo");
    QFETCH(int, paper);
    QFETCH(QString, size);
    const auto id = static_cast<QPageSize::PageSizeId>(paper);
    QVERIFY(writeReportPdf(longTable(), path("paper.pdf"), id).ok());
    const QString info = toolOutput("pdfinfo", {path("paper.pdf")});
    QVERIFY2(info.contains(QRegularExpression("Page size:\\s+" + size)), qPrintable(info));
    QVERIFY(info.contains(QRegularExpression("Pages:\\s+" + QString::number(ReportPages(longTable(), id).count()))));
}

void TestPdfReport::figureFiles()
{
    const Figure figure = bridgeWaterfall(samples::bridge(), "USD");
    QVERIFY(writeFigureSvg(figure, path("figure.svg")).ok());
    QFile svg(path("figure.svg"));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QString markup = QString::fromUtf8(svg.readAll());
    QVERIFY(markup.contains("<text"));
    QVERIFY(markup.contains("Model routing"));
    QVERIFY(!markup.contains("<image"));
    QVERIFY(writeFigurePng(figure, path("figure.png")).ok());
    const QImage png(path("figure.png"));
    QCOMPARE(png.width(), 1440);
    QCOMPARE(png.text("Title"), QString::fromStdString(figure.title));
    QVERIFY(writeFigurePng({}, path("empty.png")).ok());
}

void TestPdfReport::sameReportSameFile()
{
    QVERIFY(writeReportPdf(longTable(), path("again.pdf")).ok());
    QByteArray contents[2];
    const char *names[] = {"table.pdf", "again.pdf"};
    for (int i = 0; i < 2; ++i) {
        QFile file(path(names[i]));
        QVERIFY(file.open(QIODevice::ReadOnly));
        contents[i] = file.readAll();
        const qsizetype date = contents[i].indexOf("/CreationDate");
        QVERIFY(date > 0);
        contents[i].remove(date, contents[i].indexOf('\n', date) - date);
    }
    QCOMPARE(contents[0], contents[1]);
}

void TestPdfReport::failuresAreReported()
{
    const QString nowhere = path("missing-folder/report.pdf");
    const Status status = writeReportPdf(longTable(), nowhere);
    QVERIFY(!status.ok());
    QCOMPARE(status.error().code, ErrorCode::Io);
    QCOMPARE(QString::fromStdString(status.error().where), nowhere);
    QVERIFY(!writeFigureSvg({}, nowhere).ok());
    QVERIFY(!writeFigurePng({}, nowhere).ok());
    QVERIFY(!writeFigurePdf({}, nowhere).ok());
    QVERIFY(!writeReportPdf(longTable(), m_folder.path()).ok());
}

QTEST_MAIN(TestPdfReport)
#include "tst_pdf_report.moc"
