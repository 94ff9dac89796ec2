using LlmKit.Models;

namespace LlmKit;

/// <summary>What an image costs a model in input tokens, by its provider's published rule.</summary>
/// <remarks>
/// <para>Immutable and thread-safe. The width and height are read from the first bytes of a PNG, JPEG, GIF or WebP file, never decoded; an image given by
/// its address, or of another form, has the cost of 1,024 × 1,024 pixels where a likely figure is wanted and of the largest one where money is reserved.</para>
/// <para>Sources: tiles and 32-pixel patches, developers.openai.com/api/docs/guides/images-vision ("Calculating costs"); 28-pixel patches,
/// platform.claude.com/docs/en/build-with-claude/vision ("Evaluate image size").</para>
/// </remarks>
public abstract class ImageTokenRule
{
    private protected ImageTokenRule()
    {
    }

    /// <summary>Gets the tokens of the dearest image.</summary>
    public abstract long Most { get; }

    /// <summary>Gets the rule for models that no rule is known of: the dearest of the usual ones.</summary>
    internal static ImageTokenRule Unknown { get; } = new PatchImageRule(28, 4_784, 2_576, 1);

    /// <summary>OpenAI's rule for its larger models: an image is scaled into 2,048 × 2,048 pixels, then to 768 on its shorter side, and cut into tiles of 512.</summary>
    /// <param name="baseTokens">The tokens of any image, and of one with low detail. 0 or more.</param>
    /// <param name="tokensPerTile">The tokens of one tile. Above 0.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static ImageTokenRule Tiles(int baseTokens, int tokensPerTile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(baseTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokensPerTile);
        return new TileImageRule(baseTokens, tokensPerTile);
    }

    /// <summary>The rule of Anthropic's models and of OpenAI's smaller ones: an image costs a token for each patch that it covers, after it was scaled to be covered by few enough.</summary>
    /// <param name="patchPixels">The side of a patch in pixels, such as 28 (Anthropic) or 32 (OpenAI). Above 0.</param>
    /// <param name="mostPatches">The patches that an image may have, such as 1,568 or 1,536. Above 0.</param>
    /// <param name="longestSide">The pixels that the longer side may have, such as 1,568. Above 0; <see cref="int.MaxValue"/> for no bound.</param>
    /// <param name="tokensPerPatch">The tokens of one patch. Above 0 to 100; 1 by default.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static ImageTokenRule Patches(int patchPixels, int mostPatches, int longestSide = int.MaxValue, double tokensPerPatch = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patchPixels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mostPatches);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longestSide);
        if (tokensPerPatch is not (> 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(tokensPerPatch), $"The tokens per patch '{tokensPerPatch}' are outside 0 to 100. Give a factor such as 1.62.");
        return new PatchImageRule(patchPixels, mostPatches, longestSide, tokensPerPatch);
    }

    /// <summary>Gives what an image costs.</summary>
    /// <param name="width">Its width in pixels. Above 0.</param>
    /// <param name="height">Its height in pixels. Above 0.</param>
    /// <param name="isLowDetail">Whether it is sent with low detail, where the rule knows that.</param>
    /// <returns>The tokens, <see cref="Most"/> or fewer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is not above 0.</exception>
    public long TokensOf(int width, int height, bool isLowDetail = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return Math.Min(Most, Count(width, height, isLowDetail));
    }

    /// <summary>Finds the rule of a model by its id; <see langword="null"/> when none is known for sure.</summary>
    internal static ImageTokenRule? Find(string? modelId) => ImageRules.Find(modelId);

    private protected abstract long Count(double width, double height, bool isLowDetail);
}
