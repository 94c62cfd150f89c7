// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/catalogue/catalogue_file.h"

#include "pricing/catalogue/bundled_data.h"
#include "pricing/catalogue/catalogue_formats.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace perunit {

namespace {

/// Walks over the beginning of a JSON text and reports member names with their depth. Never needs the end.
class KeyScanner
{
public:
    explicit KeyScanner(std::string_view text)
        : m_text(text)
    {}

    /// The next member name; its depth is 1 in the outermost object. False at the end of what is there.
    bool next(std::string_view &name, int &depth)
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '{' || c == '[') {
                ++m_depth;
            } else if (c == '}' || c == ']') {
                --m_depth;
            } else if (c == '"') {
                const std::string_view text = quoted();
                const std::size_t colon = m_text.find_first_not_of(" \t\r\n", m_at);
                if (colon != std::string_view::npos && m_text[colon] == ':') {
                    name = text;
                    depth = m_depth;
                    m_at = colon + 1;
                    return true;
                }
                continue;
            }
            ++m_at;
        }
        return false;
    }

    /// The text value right after a name.
    std::string_view textValue()
    {
        const std::size_t start = m_text.find_first_not_of(" \t\r\n", m_at);
        if (start == std::string_view::npos || m_text[start] != '"')
            return {};
        m_at = start;
        return quoted();
    }

private:
    std::string_view quoted()
    {
        const std::size_t start = ++m_at;
        while (m_at < m_text.size() && m_text[m_at] != '"')
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        const std::size_t end = std::min(m_at, m_text.size());
        m_at = std::min(end + 1, m_text.size());
        return m_text.substr(start, end - start);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_depth = 0;
};

std::string_view withoutMark(std::string_view text)
{
    if (text.substr(0, 3) == "\xef\xbb\xbf")
        text.remove_prefix(3);
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

Catalogue mergedBundle()
{
    Catalogue result;
    result.id = "bundled";
    result.name = "Bundled catalogue";
    for (const BundledFile &file : bundledCatalogueFiles()) {
        auto read = readCatalogue(file.content, file.name, alwaysBefore);
        if (!read) {
            // Compiled in and covered by a test: a program with broken prices must not run.
            std::fprintf(stderr, "perunit: %s\n", read.error().in(file.name).text().c_str());
            std::abort();
        }
        Catalogue &part = read->catalogue;
        result.asOf = std::max(result.asOf, part.asOf);
        std::move(part.models.begin(), part.models.end(), std::back_inserter(result.models));
        std::move(part.offers.begin(), part.offers.end(), std::back_inserter(result.offers));
    }
    return result;
}

} // namespace

bool looksLikeCatalogue(std::string_view beginning)
{
    const std::string_view text = withoutMark(beginning);
    if (text.empty() || text.front() != '{')
        return false;
    KeyScanner scanner(text);
    std::string_view name;
    int depth = 0;
    int models = 0;
    bool provider = false;
    bool price = false;
    while (scanner.next(name, depth)) {
        if (depth == 1 && name == "format")
            return scanner.textValue().substr(0, 17) == "perunit/catalogue";
        // LiteLLM's file is an object of models, so what names a seller and a price stands at depth 2. A log
        // line of the same gateway has scalars first and this pair deeper.
        if (depth == 1 && ++models > 3)
            return false;
        provider |= depth == 2 && name == "litellm_provider";
        price |= depth == 2 && (name.substr(0, 10) == "input_cost" || name.substr(0, 11) == "output_cost");
        if (provider && price)
            return true;
    }
    return false;
}

Result<CatalogueImport> readCatalogue(std::string_view json, std::string_view fileName, Instant effectiveFrom)
{
    const auto root = parseJson(json);
    if (!root)
        return root.error();
    if (isOwnCatalogue(*root))
        return readOwnCatalogue(*root);
    if (isLiteLlmCatalogue(*root))
        return readLiteLlmCatalogue(*root, fileName, effectiveFrom);
    return Error{ErrorCode::Unsupported, "this JSON is not a price catalogue of a known kind", "",
                 "known are perunit/catalogue and LiteLLM's model_prices_and_context_window.json"};
}

const Catalogue &bundledCatalogue()
{
    static const Catalogue catalogue = mergedBundle();
    return catalogue;
}

} // namespace perunit
