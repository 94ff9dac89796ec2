namespace LlmKit.Checks.Schemas;

/// <summary>One schema: all of its rules must hold. It is filled after it was made, so that schemas may refer to each other.</summary>
internal sealed class SchemaNode
{
    private ISchemaRule[] _rules = [];

    public ReadOnlySpan<ISchemaRule> Rules => _rules;

    /// <summary>Called once, while the schema is compiled.</summary>
    public void Fill(IEnumerable<ISchemaRule> rules) => _rules = [.. rules];
}
