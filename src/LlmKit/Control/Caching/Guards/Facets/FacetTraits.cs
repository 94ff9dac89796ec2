namespace LlmKit.Control.Caching;

/// <summary>What the guards know of a text as a whole.</summary>
/// <param name="Kinds">What it asks for.</param>
/// <param name="Script">The script of most of its letters.</param>
/// <param name="Language">The language its small words belong to.</param>
/// <param name="Shape">Yes or no about it.</param>
internal readonly record struct FacetTraits(QuestionKinds Kinds, TextScript Script, TextLanguage Language, TextShape Shape)
{
    public bool Is(TextShape shape) => (Shape & shape) != 0;
}
