using System.Text;

namespace CourtOps.Kernel.Search;

/// <summary>Text from outside in one form.</summary>
public static class Folding
{
    /// <summary>
    /// The text normalised, by default to one width (NFKC). Half of a surrogate pair and U+FFFE, on which <see cref="string.Normalize(NormalizationForm)"/>
    /// throws, become U+FFFD.
    /// </summary>
    public static string Folded(this string text, NormalizationForm form = NormalizationForm.FormKC) =>
        (
            text.Any(c => char.IsSurrogate(c) || c == '\uFFFE') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\uFFFE', '\uFFFD') : text
        ).Normalize(form);
}
