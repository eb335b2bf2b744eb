import socket

from scripts import ports

HOST = "127.0.0.1"


def test_a_free_port_is_taken_as_wanted(capsys):
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]

    assert ports.first_free(port, "site", HOST) == port
    assert capsys.readouterr().out == ""


def test_the_next_one_is_taken_and_told_when_the_wanted_one_is_not_free(capsys):
    with socket.create_server((HOST, 0)) as server:
        taken = server.getsockname()[1]

        found = ports.first_free(taken, "site", HOST)

    assert found > taken
    assert capsys.readouterr().out == f"Port {taken} is taken: the site uses {found}.\n"
