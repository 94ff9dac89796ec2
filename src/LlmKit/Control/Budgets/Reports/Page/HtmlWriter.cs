using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace LlmKit.Control.Budgets.Reports.Page;

/// <summary>Writes HTML: what stands in the code goes as it is, what is put in is encoded, whatever it is.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class HtmlWriter(TextWriter target)
{
    private readonly StringBuilder _line = new();

    /// <summary>Writes text of ours.</summary>
    public void Write([InterpolatedStringHandlerArgument("")] ref Encoding text)
    {
        target.Write(text.Encoded);
        _line.Clear();
    }

    /// <summary>Writes markup of ours that holds nothing from outside.</summary>
    public void WriteMarkup(string markup) => target.Write(markup);

    /// <summary>Encodes what an interpolated string puts in.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Encoding
    {
        private const char Unknown = '\ufffd';

        public Encoding(int literalLength, int formattedCount, HtmlWriter writer)
        {
            Encoded = writer._line;
            Encoded.EnsureCapacity(literalLength + formattedCount);
        }

        /// <summary>Gets the text, which is safe to write.</summary>
        public StringBuilder Encoded { get; }

        public void AppendLiteral(string markup) => Encoded.Append(markup);

        public void AppendFormatted(string? text)
        {
            if (text is not null)
                Encoded.Append(WebUtility.HtmlEncode(Readable(text)));
        }

        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

        /// <summary>Control characters have no place in a page, and lone surrogates none in a file.</summary>
        private static string Readable(string text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (char.IsControl(text[i]))
                    return string.Concat(text.Select(character => char.IsControl(character) ? Unknown : character));
            }

            return text;
        }
    }
}
