"""The draft's networks in diffusers' and transformers' own classes, and a forward pass that equals the studio's."""
import torch
from diffusers import ControlNetUnionModel, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

TEXT = 64
TIME = 32
WIDTHS = (64, 128, 192)
SHARED = {
    'in_channels': 4,
    'block_out_channels': WIDTHS,
    'down_block_types': ('DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'),
    'layers_per_block': 1,
    'transformer_layers_per_block': (1, 1, 1),
    # The number of heads, as SDXL's configs name it: 32 channels each.
    'attention_head_dim': (2, 4, 6),
    'cross_attention_dim': 2 * TEXT,
    'use_linear_projection': True,
    'addition_embed_type': 'text_time',
    'addition_time_embed_dim': TIME,
    'projection_class_embeddings_input_dim': TEXT + 6 * TIME,
}


def text_config(vocabulary, activation):
    return CLIPTextConfig(
        vocab_size=vocabulary,
        hidden_size=TEXT,
        intermediate_size=2 * TEXT,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=77,
        hidden_act=activation,
        projection_dim=TEXT,
        bos_token_id=vocabulary - 2,
        # 2 is the historical value that means "pool where the id is highest".
        eos_token_id=2,
        pad_token_id=1,
    )


class Draft(nn.Module):
    """Text encoders, UNet and ControlNet-Union, trained together."""

    def __init__(self, vocabulary):
        super().__init__()
        self.text_encoder = CLIPTextModel(text_config(vocabulary, 'quick_gelu'))
        self.text_encoder_2 = CLIPTextModelWithProjection(text_config(vocabulary, 'gelu'))
        self.unet = UNet2DConditionModel(
            sample_size=64, up_block_types=('CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'), **SHARED
        )
        self.controlnet = ControlNetUnionModel(
            conditioning_embedding_out_channels=(8, 16, 32, 64),
            num_control_type=6,
            num_trans_channel=WIDTHS[0],
            num_trans_head=4,
            num_trans_layer=1,
            num_proj_channel=WIDTHS[0],
            **SHARED,
        )
        if not torch.cuda.is_available():
            # Faster than the fused one on a CPU.
            self.unet.set_attn_processor(AttnProcessor())
            self.controlnet.set_attn_processor(AttnProcessor())
        wake(self.controlnet)

    def text(self, ids1, ids2, zero):
        """(B, 77) twice, (B,) bool: no prompt at all → hidden (B, 77, 128), pooled (B, 64)."""
        first = self.text_encoder(ids1, output_hidden_states=True).hidden_states[-2]
        second = self.text_encoder_2(ids2, output_hidden_states=True)
        keep = (~zero).to(first.dtype)
        hidden = torch.cat([first, second.hidden_states[-2]], -1) * keep[:, None, None]
        return hidden, second.text_embeds * keep[:, None]

    def forward(self, sample, timestep, hidden, pooled, time_ids, control):
        """sample (B, 4, h, w) → predicted v. control: None or what residuals() takes."""
        added = {'text_embeds': pooled, 'time_ids': time_ids}
        down = middle = None
        if control is not None:
            down, middle = residuals(self.controlnet, sample, timestep, hidden, pooled, time_ids, **control)
        return self.unet(
            sample,
            timestep,
            hidden,
            added_cond_kwargs=added,
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
        ).sample


@torch.no_grad()
def wake(controlnet):
    """The layers that start at zero for a copy of a trained UNet would only delay one that starts from nothing."""
    heads = [*controlnet.controlnet_down_blocks, controlnet.controlnet_mid_block, controlnet.spatial_ch_projs]
    for layer in [*heads, controlnet.controlnet_cond_embedding.conv_out]:
        fan_in = layer.weight[0].numel()
        layer.weight.normal_(0, 0.5 / fan_in**0.5)
        layer.bias.zero_()


def residuals(net, sample, timestep, hidden, pooled, time_ids, pictures, owner, kind, scale, flags, outer):
    """
    ControlNet-Union's forward pass for a batch in which every sample has its own controls. pictures (N, 3, 8h, 8w): all
    controls of the batch; owner (N,): whose each is; kind (N,): its mode; scale (N,): its weight inside the fuser;
    flags (B, 6): modes in use; outer (B,): factor of the residuals.

    The published fuser attends over the batch axis: with the same pictures in every row, as at inference, a token meets
    only itself. Here the rows differ, so each token is given a sequence of its own; the result is the same.
    """
    batch = sample.shape[0]
    emb = net.time_embedding(net.time_proj(timestep).to(sample.dtype))
    sizes = net.add_time_proj(time_ids.flatten()).reshape(batch, -1)
    emb = emb + net.add_embedding(torch.cat([pooled, sizes.to(pooled.dtype)], -1))
    emb = emb + net.control_add_embedding(net.control_type_proj(flags.flatten()).reshape(batch, -1).to(emb.dtype))

    x = net.conv_in(sample)
    condition = net.controlnet_cond_embedding(pictures)
    token = condition.mean((2, 3)) + net.task_embedding[kind]
    token = (token * scale[:, None])[None]  # (1, N, C): sequences of one
    for layer in net.transformer_layes:
        token = layer(token)
    contribution = (condition + net.spatial_ch_projs(token[0])[:, :, None, None]) * scale[:, None, None, None]
    x = x.index_add(0, owner, contribution.to(x.dtype))

    skips = [x]
    for block in net.down_blocks:
        attends = getattr(block, 'has_cross_attention', False)
        x, states = block(x, emb, encoder_hidden_states=hidden) if attends else block(x, emb)
        skips += states
    x = net.mid_block(x, emb, encoder_hidden_states=hidden)
    factor = outer[:, None, None, None]
    down = [head(skip) * factor for skip, head in zip(skips, net.controlnet_down_blocks)]
    return down, net.controlnet_mid_block(x) * factor
