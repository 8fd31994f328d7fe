Attribute VB_Name = "OkrLibreOffice"
Option Explicit

' "okr setup" notes the Python to start, and has LibreOffice listen for its answer.
Public Sub RunInLibreOffice(ByVal command As String)
    Dim interpreter As String, answer As String
    interpreter = LineOf(OwnFile("interpreter.txt"))
    If interpreter = "" Then
        Tell "no_setup"
        Exit Sub
    End If
    answer = OwnFile("libreoffice.answer")
    If Dir(answer) <> "" Then Kill answer
    On Error GoTo NoInterpreter
    Shell Quoted(interpreter) & " -m okr_workbook.excel.libreoffice_run " & Quoted(command) & " " & _
        Quoted("--wb=" & ThisWorkbook.Path & "/" & ThisWorkbook.Name) & " --from_xl=1", 0
    On Error GoTo 0
    WaitFor answer
    If Dir(answer) = "" Then
        Tell "python_failed"
    ElseIf LineOf(answer) <> "connected" Then
        Tell LineOf(answer)
    End If
    Exit Sub
NoInterpreter:
    Tell "interpreter_gone"
End Sub

' Python answers as soon as it has reached LibreOffice, or knows why it cannot.
Private Sub WaitFor(ByVal file As String)
    Dim deadline As Date
    deadline = Now + TimeSerial(0, 0, 20)
    Do While Dir(file) = "" And Now < deadline
        DoEvents
    Loop
End Sub

Private Function LineOf(ByVal file As String) As String
    Dim text As String
    If Dir(file) = "" Then Exit Function
    Open file For Input As #1
    If Not EOF(1) Then Line Input #1, text
    Close #1
    LineOf = text
End Function

Private Function OwnFile(ByVal name As String) As String
    Dim home As String
    home = Environ("HOME")
    If home = "" Then home = Environ("USERPROFILE")
    OwnFile = home & "/.okr_workbook/" & name
End Function

Private Function Quoted(ByVal text As String) As String
    Quoted = """" & text & """"
End Function
