using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmKit.Checks.Schemas;

/// <summary>One validation: the place in the document, the errors so far, and what work is left.</summary>
internal sealed class SchemaRun(List<SchemaError> errors, int most)
{
    private const int MaxNesting = 8 * JsonSchema.MaxDepth;
    private const int MaxSteps = 1_000_000;
    private static readonly TimeSpan s_maxPatternTime = TimeSpan.FromMilliseconds(250);

    private readonly List<string> _path = [];
    private readonly int _mostErrors = errors.Count + most;
    private TimeSpan _patternTime;
    private int _nesting;
    private int _steps;
    private bool _isProbing;
    private bool _hasFailed;
    private bool _wasAborted;

    /// <summary>Whether nothing more needs to be looked at.</summary>
    public bool IsOver => (_isProbing && _hasFailed) || errors.Count >= _mostErrors || _wasAborted;

    /// <summary>Checks a value by a schema.</summary>
    public void Apply(SchemaNode node, JsonElement value)
    {
        if (IsOver)
            return;
        if (++_steps >= MaxSteps || _nesting == MaxNesting)
        {
            Abort("$ref", "Needs more steps than are allowed: the schema repeats itself too often for this document.");
            return;
        }

        _nesting++;
        foreach (var rule in node.Rules)
        {
            if (IsOver)
                break;
            rule.Check(value, this);
        }

        _nesting--;
    }

    /// <summary>Checks a member or an element.</summary>
    public void Apply(SchemaNode node, JsonElement value, string segment)
    {
        _path.Add(segment);
        Apply(node, value);
        _path.RemoveAt(_path.Count - 1);
    }

    /// <summary>Checks an element of an array.</summary>
    public void Apply(SchemaNode node, JsonElement value, int index) =>
        Apply(node, value, index.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether a value passes a schema, without a report of why not.</summary>
    public bool Passes(SchemaNode node, JsonElement value)
    {
        var outer = (_isProbing, _hasFailed);
        (_isProbing, _hasFailed) = (true, false);
        Apply(node, value);
        var passes = !_hasFailed;
        (_isProbing, _hasFailed) = outer;
        return passes;
    }

    /// <summary>Whether a pattern stands in a text. All patterns of a run share a limit on time, and a run that exceeds it has failed.</summary>
    public bool Matches(Regex pattern, string text)
    {
        if (_wasAborted)
            return false;
        var start = Stopwatch.GetTimestamp();
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            _patternTime = s_maxPatternTime;
            return false;
        }
        finally
        {
            _patternTime += Stopwatch.GetElapsedTime(start);
            if (_patternTime >= s_maxPatternTime)
                Abort("pattern", "Could not be checked: the patterns of the schema take too long on this document.");
        }
    }

    /// <summary>Reports a failure at the present place.</summary>
    public void Fail(string keyword, string message)
    {
        _hasFailed = true;
        if (!_isProbing && errors.Count < _mostErrors)
            errors.Add(new SchemaError(Pointer(), keyword, message));
    }

    /// <summary>Goes down to a member or an element for a check of one's own.</summary>
    public void Enter(string segment) => _path.Add(segment);

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    // What could not be checked has not passed, not even inside of a negation.
    private void Abort(string keyword, string message)
    {
        if (_wasAborted)
            return;
        (_wasAborted, _hasFailed) = (true, true);
        errors.Add(new SchemaError(Pointer(), keyword, message));
    }

    private string Pointer() => string.Concat(_path.Select(segment =>
        "/" + segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
}
