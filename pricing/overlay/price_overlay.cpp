// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/overlay/price_overlay.h"

#include "pricing/base/decimal.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <limits>

namespace perunit {

namespace {

/// An unsigned integer that grows with its factors: list prices times any number of terms, before the one rounding.
class Product
{
public:
    explicit Product(std::uint64_t value)
        : m_limbs{static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)}
    {}

    void multiply(std::uint32_t factor)
    {
        std::uint64_t carry = 0;
        for (std::uint32_t &limb : m_limbs) {
            carry += static_cast<std::uint64_t>(limb) * factor;
            limb = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        if (carry != 0)
            m_limbs.push_back(static_cast<std::uint32_t>(carry));
    }

    /// Divides by a million and returns the rest.
    std::uint32_t divideByMillion()
    {
        std::uint64_t rest = 0;
        for (auto limb = m_limbs.rbegin(); limb != m_limbs.rend(); ++limb) {
            rest = rest << 32 | *limb;
            *limb = static_cast<std::uint32_t>(rest / onePpm);
            rest %= onePpm;
        }
        return static_cast<std::uint32_t>(rest);
    }

    [[nodiscard]] bool isOdd() const { return (m_limbs[0] & 1U) != 0; }

    [[nodiscard]] std::optional<std::int64_t> value() const
    {
        if (std::any_of(m_limbs.begin() + 2, m_limbs.end(), [](std::uint32_t limb) { return limb != 0; }))
            return std::nullopt;
        const std::uint64_t low = static_cast<std::uint64_t>(m_limbs[1]) << 32 | m_limbs[0];
        if (low >= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return std::nullopt;
        return static_cast<std::int64_t>(low);
    }

private:
    std::vector<std::uint32_t> m_limbs; ///< lowest first; at least two
};

std::uint32_t factorOf(const PriceOverlay &overlay)
{
    return static_cast<std::uint32_t>(overlay.kind == OverlayKind::Discount ? onePpm - overlay.change
                                                                            : onePpm + overlay.change);
}

template <typename T>
bool contains(const std::vector<T> &values, const T &wanted)
{
    return std::find(values.begin(), values.end(), wanted) != values.end();
}

template <typename T>
bool hasTwice(std::vector<T> values)
{
    std::sort(values.begin(), values.end());
    return std::adjacent_find(values.begin(), values.end()) != values.end();
}

Error wrong(const char *member, std::string what, std::string remedy = {})
{
    return {ErrorCode::BadInput, std::move(what), member, std::move(remedy)};
}

Status checkTerm(const PriceOverlay &overlay)
{
    if (overlay.kind != OverlayKind::FixedPrice) {
        const PartsPerMillion largest = overlay.kind == OverlayKind::Discount ? onePpm : largestMarkup;
        if (overlay.change <= 0 || overlay.change > largest)
            return wrong("percent", "a " + std::string(nameOf(overlay.kind)) + " must be above 0 % and at most "
                                        + formatDecimal(largest, 4) + " %");
        return {};
    }
    if (overlay.classes.empty())
        return wrong("classes", "a fixed price must name the classes that it is for", "write them like [\"input\"]");
    const auto tokens = std::count_if(overlay.classes.begin(), overlay.classes.end(), isTokenClass);
    if (tokens != 0 && static_cast<std::size_t>(tokens) != overlay.classes.size())
        return wrong("classes", "one fixed price cannot be for tokens and for events at once", "make two of it");
    if (overlay.fixedFemto < 0)
        return wrong(tokens != 0 ? "price_per_million" : "price_per_event", "a price cannot be below 0");
    return {};
}

template <typename Values, typename NameOf>
std::string listed(const Values &values, NameOf name)
{
    std::string result;
    for (const auto &value : values)
        result += (result.empty() ? "" : ", ") + std::string(name(value));
    return result;
}

} // namespace

bool PriceOverlay::speaksOf(const ModelKey &model, const std::vector<std::string> &aliases) const
{
    if (!provider.empty() && canonicalProvider(provider) != canonicalProvider(model.provider))
        return false;
    if (models.empty())
        return true;
    return std::any_of(models.begin(), models.end(), [&](const std::string &each) {
        const std::string wanted = lowered(each);
        return wanted == lowered(model.model)
               || std::any_of(aliases.begin(), aliases.end(),
                              [&wanted](const std::string &alias) { return lowered(alias) == wanted; });
    });
}

bool PriceOverlay::speaksOf(UsageClass usageClass) const
{
    return classes.empty() ? isTokenClass(usageClass) : contains(classes, usageClass);
}

bool PriceOverlay::appliesTo(const ModelKey &model, UsageClass usageClass, ServiceTier tier, Instant at) const
{
    return enabled && valid.contains(at) && (tiers.empty() || contains(tiers, tier)) && speaksOf(usageClass)
           && speaksOf(model);
}

std::string PriceOverlay::termText() const
{
    switch (kind) {
    case OverlayKind::Discount:
        return formatDecimal(change, 4) + " % off";
    case OverlayKind::Markup:
        return formatDecimal(change, 4) + " % on top";
    case OverlayKind::FixedPrice:
        break;
    }
    const bool tokens = !classes.empty() && isTokenClass(classes.front());
    return formatDecimal(fixedFemto, tokens ? 9 : Femto::scale) + (tokens ? " per million" : " each");
}

std::string PriceOverlay::scopeText() const
{
    const auto same = [](const std::string &text) -> const std::string & {
        return text;
    };
    std::string result = provider.empty() ? "every provider" : provider;
    result += models.empty() ? "" : ", " + listed(models, same);
    result += "; " + (classes.empty() ? std::string("all tokens") : listed(classes, [](UsageClass each) {
                  return perunit::nameOf(each);
              }));
    if (!tiers.empty())
        result += "; " + listed(tiers, [](ServiceTier each) { return perunit::nameOf(each); });
    return result;
}

std::optional<std::int64_t> contractedFemto(std::int64_t listFemto, const std::vector<const PriceOverlay *> &overlays)
{
    auto first = overlays.begin();
    std::int64_t start = listFemto;
    for (auto each = overlays.begin(); each != overlays.end(); ++each) {
        if ((*each)->kind != OverlayKind::FixedPrice)
            continue;
        start = (*each)->fixedFemto;
        first = each + 1;
    }
    if (start < 0)
        return std::nullopt;
    if (start == 0)
        return 0;
    Product product(static_cast<std::uint64_t>(start));
    for (auto each = first; each != overlays.end(); ++each) {
        // A term that checkOverlay() refuses makes no price; it must not make a wrong one.
        if ((*each)->change < 0 || (*each)->change > ((*each)->kind == OverlayKind::Discount ? onePpm : largestMarkup))
            return std::nullopt;
        product.multiply(factorOf(**each));
    }
    // Dividing step by step keeps the integer part; of the rest only its place beside one half matters.
    constexpr std::uint32_t half = onePpm / 2;
    std::uint32_t rest = 0;
    bool more = false;
    for (auto each = first; each != overlays.end(); ++each) {
        more = more || rest != 0;
        rest = product.divideByMillion();
    }
    const bool up = rest > half || (rest == half && (more || product.isOdd()));
    const auto whole = product.value();
    if (!whole)
        return std::nullopt;
    return *whole + (up ? 1 : 0);
}

Status checkOverlay(const PriceOverlay &overlay)
{
    if (overlay.name.find_first_not_of(" \t\r\n") == std::string::npos)
        return wrong("name", "an overlay needs a name");
    if (auto status = checkTerm(overlay); !status)
        return status;
    if (overlay.valid.isEmpty())
        return wrong("valid_to", "the overlay ends before it begins", "valid_to is the first instant after it");
    if (std::any_of(overlay.models.begin(), overlay.models.end(), [](const auto &model) { return model.empty(); }))
        return wrong("models", "a model without a name is no model");
    if (hasTwice(overlay.models) || hasTwice(overlay.classes) || hasTwice(overlay.tiers))
        return wrong(hasTwice(overlay.models)    ? "models"
                     : hasTwice(overlay.classes) ? "classes"
                                                 : "tiers",
                     "the same name stands there twice");
    if (contains(overlay.tiers, ServiceTier::Provisioned))
        return wrong("tiers", "requests on provisioned capacity have no price per token",
                     "state the price of the capacity in a catalogue's offers");
    return {};
}

Status checkOverlays(const std::vector<PriceOverlay> &overlays)
{
    for (std::size_t i = 0; i < overlays.size(); ++i) {
        const std::string path = "/overlays/" + std::to_string(i) + "/";
        if (auto status = checkOverlay(overlays[i]); !status) {
            Error error = status.error();
            error.where = path + error.where;
            return error;
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (overlays[j].name == overlays[i].name)
                return Error{ErrorCode::Conflict, "two overlays are named '" + overlays[i].name + "'", path + "name",
                             "give each its own name"};
        }
    }
    return {};
}

void putOverlay(std::vector<PriceOverlay> &overlays, const PriceOverlay &overlay)
{
    const auto known = std::find_if(overlays.begin(), overlays.end(),
                                    [&overlay](const PriceOverlay &each) { return each.name == overlay.name; });
    if (known != overlays.end())
        *known = overlay;
    else
        overlays.push_back(overlay);
}

} // namespace perunit
