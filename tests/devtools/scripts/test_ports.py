import socket

from devtools.scripts import ports

HOST = "127.0.0.1"


def test_a_free_port_is_taken_as_wanted(capsys):
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]

    with ports.listen(port, "site", HOST) as found:
        assert found.getsockname() == (HOST, port)
    assert capsys.readouterr().out == ""


def test_the_next_one_is_taken_and_told_when_the_wanted_one_is_not_free(capsys):
    with socket.create_server((HOST, 0)) as server:
        taken = server.getsockname()[1]

        with ports.listen(taken, "site", HOST) as listener:
            found = listener.getsockname()[1]

    assert found > taken
    assert capsys.readouterr().out == f"Port {taken} is taken: the site uses {found}.\n"


def test_two_at_once_never_get_the_same_port():
    with ports.listen(0, "site", HOST) as first, ports.listen(first.getsockname()[1], "site", HOST) as second:
        assert first.getsockname() != second.getsockname()
