"""Recurrent layers as they are usually written: functions of (arguments, dh) that return h and all gradients."""

import numpy as np


def _sigmoid(a):
    return 1 / (1 + np.exp(-a))


def plain_rnn(arguments, dh):
    """Everything at each step, the gradients of the weights too."""
    x, h, W, U, b = arguments
    states = [h]
    for x_t in x:
        states.append(np.tanh(x_t @ W.T + states[-1] @ U.T + b))
    dx, dW, dU, db, e = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), np.zeros_like(b), np.zeros_like(h)
    for t in reversed(range(len(x))):
        da = (e + dh[t]) * (1 - states[t + 1] ** 2)
        dx[t], e = da @ W, da @ U
        dW += da.T @ x[t]
        dU += da.T @ states[t]
        db += da.sum(0)
    return np.stack(states[1:]), dx, e, dW, dU, db


def lstm_by_gates(arguments, dh):
    """One pair of matrices a gate, and the gradients of the weights at each step."""
    x, h, c, *parameters = arguments
    W, U, b = (np.split(parameter, 4) for parameter in parameters)
    kept, states = [], []
    for x_t in x:
        a_i, a_f, a_g, a_o = (x_t @ W[k].T + h @ U[k].T + b[k] for k in range(4))
        i, f, g, o = _sigmoid(a_i), _sigmoid(a_f), np.tanh(a_g), _sigmoid(a_o)
        before, c = (h, c), f * c + i * g
        h = o * np.tanh(c)
        kept.append((*before, c, i, f, g, o))
        states.append(h)
    dx, dW, dU, db = np.zeros_like(x), *([np.zeros_like(one) for one in gates] for gates in (W, U, b))
    e, dc = np.zeros_like(h), np.zeros_like(c)
    for t in reversed(range(len(x))):
        h, before, c, i, f, g, o = kept[t]
        e, tanh = e + dh[t], np.tanh(c)
        dc = dc + e * o * (1 - tanh**2)
        da = dc * g * i * (1 - i), dc * before * f * (1 - f), dc * i * (1 - g**2), e * tanh * o * (1 - o)
        dc, e = dc * f, sum(one @ U[k] for k, one in enumerate(da))
        dx[t] = sum(one @ W[k] for k, one in enumerate(da))
        for k, one in enumerate(da):
            dW[k] += one.T @ x[t]
            dU[k] += one.T @ h
            db[k] += one.sum(0)
    return np.stack(states), dx, e, dc, *(np.concatenate(gates) for gates in (dW, dU, db))


class StepOfLSTM:
    """One step as an object that keeps what its backward pass needs."""

    def __init__(self, W, U, b):
        self.W, self.U, self.b = W, U, b

    def forward(self, x, h, c):
        a, H = x @ self.W + h @ self.U + self.b, h.shape[1]
        i, f = _sigmoid(a[:, :H]), _sigmoid(a[:, H : 2 * H])
        g, o = np.tanh(a[:, 2 * H : 3 * H]), _sigmoid(a[:, 3 * H :])
        new = f * c + g * i
        self.cache = x, h, c, i, f, g, o, new
        return o * np.tanh(new), new

    def backward(self, dh, dc):
        x, h, c, i, f, g, o, new = self.cache
        tanh = np.tanh(new)
        ds = dc + (dh * o) * (1 - tanh**2)
        di, df, do, dg = ds * g * i * (1 - i), ds * c * f * (1 - f), dh * tanh * o * (1 - o), ds * i * (1 - g**2)
        da = np.hstack((di, df, dg, do))
        self.gradients = x.T @ da, h.T @ da, da.sum(axis=0)
        return da @ self.W.T, da @ self.U.T, ds * f


def lstm_of_steps(arguments, dh):
    """The design of Deep Learning from Scratch 2 (Saitoh): fused gates in rows, and an object for each time step."""
    x, h, c, W, U, b = arguments
    states, steps = np.empty_like(dh), []
    for t, x_t in enumerate(x):
        steps.append(StepOfLSTM(W.T, U.T, b))
        states[t], c = steps[-1].forward(x_t, states[t - 1] if t else h, c)
    dx, e, dc, sums = np.empty_like(x), 0, 0, [0, 0, 0]
    for t in reversed(range(len(x))):
        dx[t], e, dc = steps[t].backward(dh[t] + e, dc)
        sums = [total + one for total, one in zip(sums, steps[t].gradients, strict=True)]
    return states, dx, e, dc, sums[0].T, sums[1].T, sums[2]


def gru_by_gates(arguments, dh):
    """One pair of matrices a gate, and the gradients of the weights at each step."""
    x, h, *parameters, extra = arguments
    W, U, b = (np.split(parameter, 3) for parameter in parameters)
    kept, states = [], []
    for x_t in x:
        r, z = (_sigmoid(x_t @ W[k].T + h @ U[k].T + b[k]) for k in range(2))
        q = h @ U[2].T + extra
        n = np.tanh(x_t @ W[2].T + b[2] + r * q)
        kept.append((h, r, z, q, n))
        h = (1 - z) * n + z * h
        states.append(h)
    dx, dW, dU, db = np.zeros_like(x), *([np.zeros_like(one) for one in gates] for gates in (W, U, b))
    e, dextra = np.zeros_like(h), np.zeros_like(extra)
    for t in reversed(range(len(x))):
        h, r, z, q, n = kept[t]
        e = e + dh[t]
        dn = e * (1 - z) * (1 - n**2)
        da = dn * q * r * (1 - r), e * (h - n) * z * (1 - z), dn
        recurrent = da[0], da[1], dn * r
        e = e * z + sum(one @ U[k] for k, one in enumerate(recurrent))
        dx[t] = sum(one @ W[k] for k, one in enumerate(da))
        dextra += recurrent[2].sum(0)
        for k in range(3):
            dW[k] += da[k].T @ x[t]
            dU[k] += recurrent[k].T @ h
            db[k] += da[k].sum(0)
    return np.stack(states), dx, e, *(np.concatenate(gates) for gates in (dW, dU, db)), dextra


EACH_GATE = "one matrix a gate, dW at each step"
PEERS = {
    "RNN": {"dW at each step": plain_rnn},
    "LSTM": {EACH_GATE: lstm_by_gates, "an object a step": lstm_of_steps},
    "GRU": {EACH_GATE: gru_by_gates},
}
