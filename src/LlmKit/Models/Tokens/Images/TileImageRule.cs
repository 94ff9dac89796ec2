namespace LlmKit.Models;

/// <summary>So much for an image and so much for each tile of 512 pixels.</summary>
internal sealed class TileImageRule(int baseTokens, int tokensPerTile) : ImageTokenRule
{
    private const int Square = 2_048;
    private const int ShorterSide = 768;
    private const int Tile = 512;

    /// <summary>Gets the tokens of two rows of four tiles: 768 by 2,048 pixels.</summary>
    public override long Most => baseTokens + 8L * tokensPerTile;

    private protected override long Count(double width, double height, bool isLowDetail)
    {
        if (isLowDetail)
            return baseTokens;
        var scale = Math.Min(1, Square / Math.Max(width, height));
        // Nothing is made larger.
        scale = Math.Min(scale, ShorterSide / Math.Min(width, height));
        return baseTokens + Tiles(width * scale) * Tiles(height * scale) * tokensPerTile;
    }

    // A hair's breadth that rounding left is not another tile.
    private static long Tiles(double pixels) => Math.Max(1, (long)Math.Ceiling(pixels / Tile - 1e-9));
}
