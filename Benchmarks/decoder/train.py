# What `bespoke train neural-decoder` computes, computed by PyTorch on one thread: the same model, batch and optimizer on tokens drawn
# at random, in tokens a second of CPU. train.py TOKENS WIDTH LAYERS HEADS HIDDEN LENGTH BATCH
import math
import resource
import sys

import torch
import torch.nn.functional as F
from torch import nn

TOKENS, WIDTH, LAYERS, HEADS, HIDDEN, LENGTH, BATCH = map(int, sys.argv[1:8])
DROPOUT = 0.1
torch.set_num_threads(1)
torch.manual_seed(1)


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        return F.rms_norm(x, (WIDTH,), self.weight, 1e-5)


size = WIDTH // HEADS
angles = torch.arange(LENGTH)[:, None] * 10000 ** (-2 * torch.arange(size // 2) / size)
cosine, sine = angles.cos(), angles.sin()


def rotate(x):
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), -1).flatten(-2)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention_norm, self.feed_norm = Norm(), Norm()
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.out = nn.Linear(WIDTH, WIDTH, bias=False)
        self.gate_up = nn.Linear(WIDTH, 2 * HIDDEN, bias=False)
        self.down = nn.Linear(HIDDEN, WIDTH, bias=False)

    def forward(self, x):
        parts = self.query_key_value(self.attention_norm(x)).view(BATCH, LENGTH, 3, HEADS, size).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(rotate(parts[0]), rotate(parts[1]), parts[2], is_causal=True)
        x = x + F.dropout(self.out(mixed.transpose(1, 2).reshape(BATCH, LENGTH, WIDTH)), DROPOUT)
        gate, up = self.gate_up(self.feed_norm(x)).chunk(2, -1)
        return x + F.dropout(self.down(F.silu(gate) * up), DROPOUT)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, WIDTH)
        nn.init.normal_(self.embedding.weight, std=0.02)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = Norm()

    def forward(self, tokens):
        x = F.dropout(self.embedding(tokens), DROPOUT)
        for layer in self.layers:
            x = layer(x)
        return self.norm(x) @ self.embedding.weight.T


model = Model()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1, fused=True)


def step():
    tokens = torch.randint(TOKENS, (BATCH, LENGTH + 1))
    loss = F.cross_entropy(model(tokens[:, :-1]).view(-1, TOKENS), tokens[:, 1:].reshape(-1))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item()


def seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


first = step()
# Tokens at random are all equally likely.
assert abs(first - math.log(TOKENS)) < 1, first
step()
best = math.inf
for _ in range(3):
    start = seconds()
    for _ in range(4):
        step()
    best = min(best, (seconds() - start) / 4)
print("parameters", sum(p.numel() for p in model.parameters()))
print("train", round(BATCH * LENGTH / best))
