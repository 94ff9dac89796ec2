using System.Globalization;

namespace LlmKit.Orchestration.Routing.Learning.Features;

/// <summary>Works out what people and models write: numbers with commas, currency and per cent, the four operations, parentheses.</summary>
internal ref struct ArithmeticSum(ReadOnlySpan<char> text)
{
    private const int MostNesting = 16;
    private const int MostDigits = 24;

    private readonly ReadOnlySpan<char> _text = text;
    private int _next;
    private int _depth;

    /// <summary>Works out a whole expression.</summary>
    /// <returns><see langword="false"/> if it is none, or has no operation.</returns>
    public static bool TryEvaluate(ReadOnlySpan<char> text, out double value)
    {
        var sum = new ArithmeticSum(text);
        value = sum.Sum(out var hasOperation);
        return hasOperation && double.IsFinite(value) && sum.AtEnd();
    }

    /// <summary>Reads the number at the beginning of a text.</summary>
    public static bool TryReadNumber(ReadOnlySpan<char> text, out double value)
    {
        var sum = new ArithmeticSum(text);
        var sign = sum.Take('-') ? -1 : 1;
        value = sign * sum.Number();
        return double.IsFinite(value);
    }

    private double Sum(out bool hasOperation)
    {
        var value = Product(out hasOperation);
        while (true)
        {
            if (Take('+'))
                value += Product(out _);
            else if (Take('-') || Take('−'))
                value -= Product(out _);
            else
                return value;
            hasOperation = true;
        }
    }

    private double Product(out bool hasOperation)
    {
        var value = Factor();
        hasOperation = false;
        while (true)
        {
            if (Take('*') || Take('x') || Take('×'))
                value *= Factor();
            else if (Take('/') || Take('÷'))
                value /= Factor();
            else
                return value;
            hasOperation = true;
        }
    }

    private double Factor()
    {
        if (!Take('('))
            return Number();
        if (++_depth > MostNesting)
            return double.NaN;
        var value = Sum(out _);
        _depth--;
        return Take(')') ? value : double.NaN;
    }

    private double Number()
    {
        Take('$');
        Span<char> digits = stackalloc char[MostDigits];
        var length = 0;
        for (; _next < _text.Length && (char.IsAsciiDigit(_text[_next]) || IsInsideNumber(_next)); _next++)
        {
            if (_text[_next] == ',')
                continue;
            if (length == MostDigits)
                return double.NaN;
            digits[length++] = _text[_next];
        }

        if (!double.TryParse(digits[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return double.NaN;
        return Take('%') ? value / 100 : value;
    }

    private readonly bool IsInsideNumber(int index) =>
        _text[index] is '.' or ',' && index + 1 < _text.Length && char.IsAsciiDigit(_text[index + 1]);

    private bool Take(char c)
    {
        while (_next < _text.Length && _text[_next] == ' ')
            _next++;
        if (_next == _text.Length || _text[_next] != c)
            return false;
        _next++;
        return true;
    }

    private bool AtEnd()
    {
        while (_next < _text.Length && _text[_next] == ' ')
            _next++;
        return _next == _text.Length;
    }
}
